#pragma once

#include "detect/proto/stream_parser.hpp"
#include "detect/proto/transaction_list.hpp"

#include <string>
#include <string_view>

namespace cresset::detect::proto::tftp {

/// What TFTP offers to rules: nothing but its name.
extern const protocol_description description;

/// A read or write request (RFC 1350 section 5).
class request final : public transaction {
public:
  static constexpr std::size_t text_limit_bytes = 512; ///< of a file's name; the rest is cut

  enum class operation : std::uint8_t { read = 1, write = 2 };

  request(std::uint64_t number, operation what, std::string_view file, std::string_view mode);

  std::string_view file_name() const noexcept { return file_; }

  bool concerns(direction way) const noexcept override { return way == direction::to_server; }
  std::size_t instances(buffer_id) const noexcept override { return 0; }
  std::optional<byte_view> buffer(buffer_id, std::size_t) const noexcept override { return {}; }
  void write_members(json_writer& json) const override;

private:
  operation what_;
  std::string file_;
  std::string mode_;
};

/// TFTP over UDP: a message a call. Everything but requests is passed over.
class parser final : public stream_parser {
public:
  static constexpr std::size_t transaction_limit = 256;

  std::string_view protocol() const noexcept override { return "tftp"; }
  parse_status bytes(direction way, byte_view bytes, timestamp at) override;
  parse_status gap(direction, std::uint64_t) override { return parse_status::resynchronised; }
  void end(direction) override {}
  std::span<transaction* const> transactions() noexcept override { return live_.shown(); }
  void release(std::uint64_t number) noexcept override { live_.take(number); }

  /// Requests dropped because transaction_limit was reached.
  std::uint64_t refused() const noexcept { return refused_; }

private:
  transaction_list<request> live_;
  std::uint64_t refused_ = 0;
};

} // namespace cresset::detect::proto::tftp
