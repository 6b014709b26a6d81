#pragma once

#include "detect/proto/event_list.hpp"
#include "detect/proto/transaction.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cresset::detect::proto::dns {

/// The twelve bytes in front of each message (RFC 1035 4.1.1).
struct header {
  static constexpr std::size_t size = 12;

  std::uint16_t id = 0;
  std::uint16_t flags = 0;
  std::uint16_t questions = 0;
  std::uint16_t answers = 0;
  std::uint16_t authorities = 0;
  std::uint16_t additionals = 0;

  bool is_response() const noexcept { return (flags & 0x8000U) != 0; }
  std::uint8_t opcode() const noexcept { return flags >> 11 & 0xfU; }
  std::uint8_t rcode() const noexcept { return flags & 0xfU; }
  bool has_z() const noexcept { return (flags & 0x40U) != 0; }
};

/// Whether a message of `length` bytes, of which at least a header is shown, can be one: the counts
/// of its header fit into its length. For recognition, and to find the way back behind a gap.
bool is_plausible(byte_view begin, std::size_t length) noexcept;

/// The part of a message that a record stands in.
enum class section : std::uint8_t { questions, answers, authorities, additionals };
inline constexpr std::size_t section_count = 4;

/// A decoded name in the message's arena.
struct name_slice {
  std::uint32_t begin = 0;
  std::uint16_t length = 0;
  bool is_truncated = false; ///< it went over limits::name_bytes
};

/// One question or resource record. Its name lies decoded in the message's arena, its data raw in
/// the message.
struct record {
  section in{};
  std::uint16_t type = 0;
  std::uint16_t record_class = 0;
  std::uint16_t rdata_length = 0;
  std::uint32_t ttl = 0;
  name_slice name;
  std::uint32_t rdata_begin = 0; ///< in the message
};

/// What one message may cost. A name is bounded in letters and in pointers followed, all names of a
/// message together in bytes: two bytes of message can point at a thousand of name.
struct limits {
  static constexpr std::size_t name_bytes = 1025;
  static constexpr std::size_t name_labels = 255;
  static constexpr std::size_t name_pointers = 255;
  static constexpr std::size_t names_bytes = 256 * 1024;
  static constexpr std::size_t records = 4096;
};

/// Progress of the one direction a DNS transaction has: a message is whole or it is not there.
enum class progress_state : progress { message = progress_done };

/// Indexes of the tables below, in their order.
enum class buffer_index : buffer_id {
  query,             ///< dns.query
  queries_rrname_ts, ///< dns.queries.rrname, to server
  queries_rrname_tc, ///< dns.queries.rrname, to client
  answers_rrname_ts,
  answers_rrname_tc,
  authorities_rrname_ts,
  authorities_rrname_tc,
  additionals_rrname_ts,
  additionals_rrname_tc,
  response_rrname, ///< dns.response.rrname: names of the response's questions and of all its
                   ///< records
  query_name_ts,   ///< dns.query.name: the older name of dns.queries.rrname
  query_name_tc,
  answer_name_ts, ///< dns.answer.name: of dns.answers.rrname
  answer_name_tc,
  response_rrname_ts, ///< mdns.response.rrname, to server: of mDNS only
};
enum class field_index : field_id {
  opcode_ts,
  opcode_tc,
  rcode_ts,
  rcode_tc,
  rrtype_ts,
  rrtype_tc
};

/// Whose messages these are. Multicast DNS (RFC 6762) has DNS's format and its own table of
/// buffers: that of DNS from its second entry to response_rrname, then response_rrname_ts. Its
/// responses go to everybody, and so in either direction.
enum class flavour : std::uint8_t { dns, mdns };

/// One message: a query and its response are two transactions, as in the event log of the field. It
/// keeps a copy of the message; names are decoded when it is read, record data only when a rule or
/// the event log asks.
class message final : public transaction {
public:
  message(std::uint64_t number, direction way, flavour speaks = flavour::dns) noexcept
      : transaction{number}, way_{way}, flavour_{speaks} {}

  /// Reads a whole message of at most 65,535 bytes. What is wrong but leaves a message becomes an
  /// event; `false` if it is no message at all, or not one of this direction, and `refusal()` then
  /// names the event for it.
  bool read(byte_view bytes);
  /// The event of a message that read() refused; empty for one too short to have a header.
  std::string_view refusal() const noexcept { return refusal_; }

  direction way() const noexcept { return way_; }
  const header& head() const noexcept { return head_; }
  std::span<const record> records() const noexcept { return records_; }
  std::span<const record> records(section in) const noexcept;
  std::string_view name_of(const record& one) const noexcept { return text(one.name); }
  byte_view rdata_of(const record& one) const noexcept;
  /// The copy of the whole message.
  byte_view bytes() const noexcept { return std::span{arena_}.first(message_size_); }

  void raise(std::string_view event) noexcept { events_.raise(event); }

  bool concerns(direction way) const noexcept override { return way == way_; }
  std::size_t instances(buffer_id id) const noexcept override;
  std::optional<byte_view> buffer(buffer_id id, std::size_t instance) const noexcept override;
  std::size_t field_instances(field_id id) const noexcept override;
  std::optional<std::uint64_t> field(field_id id, std::size_t instance) const noexcept override;
  std::span<const std::string_view> events() const noexcept override { return events_.all(); }
  void write_members(json_writer& json) const override;

private:
  bool read_name(std::size_t& at, name_slice& name);
  bool read_records(section in, std::size_t count, std::size_t& at);
  std::string_view text(const name_slice& name) const noexcept;
  buffer_index index_of(buffer_id id) const noexcept;
  std::span<const record> named_by(buffer_index which) const noexcept;
  bool is_response_names(buffer_index which) const noexcept;
  /// Decodes the names that stand in record data (CNAME, NS, PTR, MX, SOA), once.
  void read_rdata_names() const;

  direction way_;
  flavour flavour_;
  header head_;
  std::array<std::uint32_t, section_count + 1> section_begin_{};
  std::uint32_t message_size_ = 0;
  std::vector<std::byte> arena_; ///< the message, behind it the decoded names
  std::vector<record> records_;
  std::array<std::pair<std::uint32_t, name_slice>, 4>
      known_names_{}; ///< by their place: most records repeat one
  std::uint32_t known_name_count_ = 0;
  event_list events_;
  std::string_view refusal_;
  mutable std::vector<std::string> rdata_names_;
  mutable bool has_rdata_names_ = false;
};

} // namespace cresset::detect::proto::dns
