#pragma once

#include "detect/proto/event_list.hpp"
#include "detect/proto/quic/gquic.hpp"
#include "detect/proto/tls/message.hpp"
#include "detect/proto/transaction.hpp"

#include <array>
#include <optional>
#include <string>

namespace cresset::detect::proto::quic {

/// Indexes of the tables in message.cpp, in their order.
enum class buffer_index : buffer_id {
  version_ts,
  version_tc,
  sni,
  ua,
  cyu_hash,
  cyu_string,
  ja3_hash,
  ja3_string,
  ja3s_hash,
  ja3s_string,
  ja4_hash,
};

/// One side's hello, or the first packet of a side that nobody but its peer can open. It goes one
/// way, and is whole when it is made.
class message final : public transaction {
public:
  message(std::uint64_t number, direction way, std::uint32_t version, bool logs_ja4) noexcept;

  // What the parser fills in before it shows the message.
  std::optional<tls::client_hello> client;
  std::optional<tls::server_hello> server;
  std::optional<gquic_hello> gquic;
  event_list oddities;

  bool concerns(direction way) const noexcept override { return way == way_; }
  std::size_t instances(buffer_id id) const noexcept override;
  std::optional<byte_view> buffer(buffer_id id, std::size_t instance) const noexcept override;
  std::span<const std::string_view> events() const noexcept override { return oddities.all(); }
  void write_members(json_writer& json) const override;

private:
  const std::optional<std::string>& text(buffer_index which) const;
  std::optional<std::string> make_text(buffer_index which) const;
  std::string version_text() const;

  direction way_;
  std::uint32_t version_;
  bool logs_ja4_;
  std::array<std::byte, 4> version_bytes_{};
  mutable std::array<std::optional<std::optional<std::string>>, 11> texts_;
};

} // namespace cresset::detect::proto::quic
