#pragma once

#include "detect/proto/identify.hpp"
#include "detect/proto/nfs/connection.hpp"
#include "detect/proto/nfs/record_stream.hpp"

#include <array>

namespace cresset::detect::proto::nfs {

/// NFS 2, 3 and 4 in ONC RPC, over TCP in records and over UDP a message a call. Calls of other
/// programs and of the server to its client are passed over.
class parser final : public stream_parser {
public:
  /// `files` must outlive the parser.
  explicit parser(transport over, const settings& wanted = {},
                  const file_settings& files = no_digests) noexcept
      : over_{over}, of_{wanted, files} {}

  std::string_view protocol() const noexcept override { return "nfs"; }
  parse_status bytes(direction way, byte_view bytes, timestamp at) override;
  parse_status gap(direction way, std::uint64_t size) override;
  void end(direction way) override;
  std::span<transaction* const> transactions() noexcept override { return of_.live.shown(); }
  void release(std::uint64_t number) noexcept override { of_.release(number); }

private:
  transport over_;
  connection of_;
  std::array<record_stream, 2> streams_; ///< TCP only
};

} // namespace cresset::detect::proto::nfs
