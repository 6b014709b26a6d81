#pragma once

#include "capture/base/ip_address.hpp"
#include "detect/proto/bittorrent_dht/bencode.hpp"
#include "detect/proto/event_list.hpp"
#include "detect/proto/transaction.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cresset::detect::proto::bittorrent_dht {

/// A peer, or with its id a node: compact info of BEP 5.
struct contact {
  std::string id; ///< 20 bytes; empty for a peer
  ip_address address;
  std::uint16_t port = 0;
};

/// One datagram: a query, a response or an error.
class message final : public transaction {
public:
  static constexpr std::size_t contacts_limit = 64; ///< of each list; further ones are dropped
  static constexpr std::size_t text_limit_bytes = 256;

  message(std::uint64_t number, direction way) noexcept : transaction{number}, way_{way} {
    for (const auto both : {direction::to_server, direction::to_client})
      advance(both, progress_done);
  }

  /// Reads one datagram; one that cannot be read becomes an event.
  bool read(std::string_view datagram);

  bool concerns(direction way) const noexcept override { return way == way_; }
  std::size_t instances(buffer_id) const noexcept override { return 0; }
  std::optional<byte_view> buffer(buffer_id, std::size_t) const noexcept override { return {}; }
  std::span<const std::string_view> events() const noexcept override { return events_.all(); }
  bool is_logged() const noexcept override { return events_.all().empty(); }
  void write_members(json_writer& json) const override;

private:
  bool read_member(std::string_view key, bencode_reader& in);
  bool read_arguments(bencode_reader& in);
  bool read_response(bencode_reader& in);
  bool read_error(bencode_reader& in);
  bool read_values(bencode_reader& in);
  bool is_whole() const noexcept;
  void write_request(json_writer& json) const;
  void write_response(json_writer& json) const;

  direction way_;
  std::optional<std::string> transaction_id_, version_, query_, kind_;
  std::optional<std::string> id_, target_, info_hash_, token_; ///< of query or response
  std::optional<std::int64_t> implied_port_, port_;
  std::optional<std::int64_t> error_number_;
  std::string error_text_;
  bool has_arguments_ = false, has_response_ = false;
  std::vector<contact> nodes_, nodes6_, values_;
  event_list events_;
};

} // namespace cresset::detect::proto::bittorrent_dht
