#pragma once

#include "detect/proto/enip/message.hpp"
#include "detect/proto/event_list.hpp"
#include "detect/proto/identify.hpp"
#include "detect/proto/stream_parser.hpp"
#include "detect/proto/transaction_list.hpp"

#include <array>
#include <vector>

namespace cresset::detect::proto::enip {

/// Buffers and fields of ENIP and CIP for rules.
extern const protocol_description description;

/// What `cip_service` compares, in one number: service, class and attribute of one request.
constexpr std::uint64_t packed_service(std::uint8_t service,
                                       std::optional<std::uint32_t> object_class,
                                       std::optional<std::uint32_t> attribute) noexcept {
  std::uint64_t made = service;
  if (object_class)
    made |= std::uint64_t{*object_class & 0xffffU} << 8 | std::uint64_t{1} << 24;
  if (attribute)
    made |= std::uint64_t{*attribute & 0xffffU} << 32 | std::uint64_t{1} << 48;
  return made;
}

/// A request and its response, either of which may be missing.
class exchange final : public transaction {
public:
  using transaction::transaction;

  std::size_t instances(buffer_id id) const noexcept override { return buffer(id, 0) ? 1 : 0; }
  std::optional<byte_view> buffer(buffer_id id, std::size_t instance) const noexcept override;
  std::size_t field_instances(field_id id) const noexcept override;
  std::optional<std::uint64_t> field(field_id id, std::size_t instance) const noexcept override;
  std::span<const std::string_view> events() const noexcept override { return events_.all(); }
  void write_members(json_writer& json) const override;

private:
  friend class parser;
  void take_values(direction way, const message& of);

  std::optional<message> request_;
  std::optional<message> response_;
  std::array<std::vector<std::uint64_t>, 24> values_; ///< of each field, in the order of the table
  event_list events_;
};

/// EtherNet/IP over TCP or UDP.
class parser final : public stream_parser {
public:
  /// Requests that wait for their answer; over it the oldest is closed and says
  /// `too_many_transactions`.
  static constexpr std::size_t waiting_limit = 512;

  explicit parser(transport over) noexcept : over_{over} {}

  std::string_view protocol() const noexcept override { return "enip"; }
  parse_status bytes(direction way, byte_view bytes, timestamp at) override;
  parse_status gap(direction way, std::uint64_t size) override;
  void end(direction way) override;
  std::span<transaction* const> transactions() noexcept override { return all_.shown(); }
  void release(std::uint64_t number) noexcept override { all_.take(number); }

private:
  struct half {
    std::vector<std::byte> open; ///< a message that is not whole yet
    bool is_broken = false;
    bool is_ended = false;
  };

  exchange& begin();
  void on_message(direction way, byte_view bytes);

  transport over_;
  std::array<half, 2> halves_;
  transaction_list<exchange> all_;
};

} // namespace cresset::detect::proto::enip
