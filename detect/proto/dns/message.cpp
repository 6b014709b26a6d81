// A message (RFC 1035 4.1): header, questions, then three sections of resource records.
//
//   id | flags | four counts        12 bytes
//   question:  name type class
//   record:    name type class ttl length data
//
// Counts are claims: reading stops where the bytes end. A message whose questions or answers cannot
// be read is refused; one that is only damaged further back is kept with an event, as the field's
// sensors do.
#include "detect/proto/dns/message.hpp"

#include "capture/base/byte_reader.hpp"
#include "detect/proto/dns/name.hpp"
#include "detect/proto/dns/record_type.hpp"

#include <algorithm>

namespace cresset::detect::proto::dns {
namespace {

constexpr std::uint8_t first_unknown_opcode = 7;
constexpr std::size_t smallest_question = 5; // an empty name, type, class
constexpr std::size_t smallest_record = 11;

header read_header(byte_view bytes) noexcept {
  const auto at = [&](std::size_t i) {
    return static_cast<std::uint16_t>(std::to_integer<unsigned>(bytes[i]) << 8 |
                                      std::to_integer<unsigned>(bytes[i + 1]));
  };
  return {at(0), at(2), at(4), at(6), at(8), at(10)};
}

} // namespace

bool is_plausible(byte_view begin, std::size_t length) noexcept {
  if (begin.size() < header::size || length < header::size)
    return false;
  const auto head = read_header(begin);
  const std::size_t records = std::size_t{head.answers} + head.authorities + head.additionals;
  return header::size + head.questions * smallest_question + records * smallest_record <= length;
}

bool message::read(byte_view bytes) {
  if (bytes.size() < header::size || bytes.size() > 0xffff)
    return false;
  head_ = read_header(bytes);
  message_size_ = static_cast<std::uint32_t>(bytes.size());
  const std::size_t claimed =
      std::size_t{head_.questions} + head_.answers + head_.authorities + head_.additionals;
  arena_.reserve(2 * bytes.size() + 64);
  arena_.assign(bytes.begin(), bytes.end());
  records_.reserve(std::min<std::size_t>({claimed, bytes.size() / 5, limits::records}));

  std::size_t at = header::size;
  section_begin_.fill(UINT32_MAX); // what is not reached begins behind all records
  section_begin_[0] = 0;
  refusal_ = "malformed_data";
  if (!read_records(section::questions, head_.questions, at) ||
      !read_records(section::answers, head_.answers, at))
    return false;
  if (!read_records(section::authorities, head_.authorities, at))
    raise("invalid_authorities");
  else if (!read_records(section::additionals, head_.additionals, at))
    raise("invalid_additionals");
  if (flavour_ == flavour::dns && head_.is_response() != (way_ == direction::to_client)) {
    refusal_ = way_ == direction::to_client ? "not_a_response" : "not_a_request";
    return false;
  }
  refusal_ = {};
  if (head_.has_z())
    raise("z_flag_set");
  if (head_.opcode() >= first_unknown_opcode)
    raise("invalid_opcode");
  advance(direction::to_server, progress_done);
  advance(direction::to_client, progress_done);
  return true;
}

bool message::read_name(std::size_t& at, name_slice& name) {
  // A name that is nothing but a pointer to one already decoded shares its letters.
  auto key = static_cast<std::uint32_t>(at);
  bool is_pointer = false;
  if (at + 2 <= message_size_ && (std::to_integer<unsigned>(arena_[at]) & 0xc0U) == 0xc0) {
    is_pointer = true;
    key = (std::to_integer<unsigned>(arena_[at]) & 0x3fU) << 8 |
          std::to_integer<unsigned>(arena_[at + 1]);
  }
  if (is_pointer)
    for (const auto& [place, known] : std::span{known_names_}.first(known_name_count_))
      if (place == key)
        return name = known, at += 2, true;
  if (arena_.size() > message_size_ + limits::names_bytes) {
    raise("name_too_long");
    return false;
  }
  name_buffer letters;
  const auto status = decode_name(bytes(), at, letters);
  name.begin = static_cast<std::uint32_t>(arena_.size());
  name.length = static_cast<std::uint16_t>(letters.size);
  arena_.insert(arena_.end(), letters.bytes().begin(), letters.bytes().end());
  switch (status) {
  case name_status::whole: break;
  case name_status::truncated:
    name.is_truncated = true;
    raise("name_too_long");
    break;
  case name_status::too_many_labels: raise("too_many_labels"); break;
  case name_status::infinite_loop: raise("infinite_loop"); break;
  case name_status::damaged: return false;
  }
  if (known_name_count_ < known_names_.size())
    known_names_[known_name_count_++] = {key, name};
  return true;
}

bool message::read_records(section in, std::size_t count, std::size_t& at) {
  const auto end_of_section = [&] {
    section_begin_[static_cast<std::size_t>(in) + 1] = static_cast<std::uint32_t>(records_.size());
  };
  for (; count > 0 && records_.size() < limits::records; --count) {
    record one;
    one.in = in;
    if (!read_name(at, one.name))
      return end_of_section(), false;
    byte_reader rest{bytes().subspan(at)};
    const auto type = rest.be16();
    const auto record_class = rest.be16();
    if (!type || !record_class)
      return end_of_section(), false;
    one.type = *type;
    one.record_class = *record_class;
    if (in != section::questions) {
      const auto ttl = rest.be32();
      const auto length = rest.be16();
      if (!ttl || !length || rest.remaining() < *length)
        return end_of_section(), false;
      one.ttl = *ttl;
      one.rdata_length = *length;
      one.rdata_begin = static_cast<std::uint32_t>(at + rest.position());
      rest.skip(*length);
    }
    at += rest.position();
    records_.push_back(one);
  }
  end_of_section();
  return true;
}

std::span<const record> message::records(section in) const noexcept {
  const auto i = static_cast<std::size_t>(in);
  const auto begin = std::min<std::size_t>(section_begin_[i], records_.size());
  const auto end = std::min<std::size_t>(section_begin_[i + 1], records_.size());
  return std::span{records_}.subspan(begin, end > begin ? end - begin : 0);
}

std::string_view message::text(const name_slice& name) const noexcept {
  return as_text(std::span{arena_}.subspan(name.begin, name.length));
}

byte_view message::rdata_of(const record& one) const noexcept {
  return std::span{arena_}.subspan(one.rdata_begin, one.rdata_length);
}

buffer_index message::index_of(buffer_id id) const noexcept {
  if (flavour_ == flavour::dns)
    return static_cast<buffer_index>(id);
  constexpr auto last = static_cast<buffer_id>(buffer_index::response_rrname);
  return id < last ? static_cast<buffer_index>(id + 1) : buffer_index::response_rrname_ts;
}

/// Names of the questions and records that stand in this buffer.
std::span<const record> message::named_by(buffer_index which) const noexcept {
  const bool is_to_server = way_ == direction::to_server;
  switch (which) {
  case buffer_index::query:
  case buffer_index::query_name_ts:
  case buffer_index::queries_rrname_ts:
    return is_to_server ? records(section::questions) : std::span<const record>{};
  case buffer_index::query_name_tc:
  case buffer_index::queries_rrname_tc:
    return is_to_server ? std::span<const record>{} : records(section::questions);
  case buffer_index::answer_name_ts:
  case buffer_index::answers_rrname_ts:
    return is_to_server ? records(section::answers) : std::span<const record>{};
  case buffer_index::answer_name_tc:
  case buffer_index::answers_rrname_tc:
    return is_to_server ? std::span<const record>{} : records(section::answers);
  case buffer_index::authorities_rrname_ts:
    return is_to_server ? records(section::authorities) : std::span<const record>{};
  case buffer_index::authorities_rrname_tc:
    return is_to_server ? std::span<const record>{} : records(section::authorities);
  case buffer_index::additionals_rrname_ts:
    return is_to_server ? records(section::additionals) : std::span<const record>{};
  case buffer_index::additionals_rrname_tc:
    return is_to_server ? std::span<const record>{} : records(section::additionals);
  case buffer_index::response_rrname:
  case buffer_index::response_rrname_ts:
    return is_response_names(which) ? records() : std::span<const record>{};
  }
  return {};
}

/// Whether this buffer shows all names of this message, those in record data included.
bool message::is_response_names(buffer_index which) const noexcept {
  const auto own = way_ == direction::to_server ? buffer_index::response_rrname_ts
                                                : buffer_index::response_rrname;
  return which == own && head_.is_response();
}

void message::read_rdata_names() const {
  if (has_rdata_names_)
    return;
  has_rdata_names_ = true;
  name_buffer letters;
  std::size_t total = 0;
  for (const auto& one : records_) {
    std::size_t at = one.rdata_begin + (one.type == record_type::mx ? 2 : 0);
    if (!record_type::data_is_a_name(one.type) || one.in == section::questions)
      continue;
    if (decode_name(bytes(), at, letters) != name_status::damaged)
      rdata_names_.emplace_back(as_text(letters.bytes()));
    if ((total += letters.size) > limits::names_bytes)
      return;
  }
}

std::size_t message::instances(buffer_id id) const noexcept {
  const auto which = index_of(id);
  const auto named = named_by(which).size();
  if (!is_response_names(which))
    return named;
  read_rdata_names();
  return named + rdata_names_.size();
}

std::optional<byte_view> message::buffer(buffer_id id, std::size_t instance) const noexcept {
  const auto which = index_of(id);
  const auto named = named_by(which);
  if (instance < named.size())
    return as_bytes(name_of(named[instance]));
  if (!is_response_names(which))
    return std::nullopt;
  read_rdata_names();
  instance -= named.size();
  if (instance >= rdata_names_.size())
    return std::nullopt;
  return as_bytes(rdata_names_[instance]);
}

std::size_t message::field_instances(field_id id) const noexcept {
  const bool is_request = way_ == direction::to_server;
  switch (static_cast<field_index>(id)) {
  case field_index::opcode_ts:
  case field_index::rcode_ts: return is_request ? 1 : 0;
  case field_index::opcode_tc:
  case field_index::rcode_tc: return is_request ? 0 : 1;
  case field_index::rrtype_ts: return is_request ? records(section::questions).size() : 0;
  case field_index::rrtype_tc:
    return is_request ? 0 : records(section::questions).size() + records(section::answers).size();
  }
  return 0;
}

std::optional<std::uint64_t> message::field(field_id id, std::size_t instance) const noexcept {
  if (instance >= field_instances(id))
    return std::nullopt;
  switch (static_cast<field_index>(id)) {
  case field_index::opcode_ts:
  case field_index::opcode_tc: return head_.opcode();
  case field_index::rcode_ts:
  case field_index::rcode_tc: return head_.rcode();
  case field_index::rrtype_ts:
  case field_index::rrtype_tc: return records_[instance].type; // questions stand before answers
  }
  return std::nullopt;
}

} // namespace cresset::detect::proto::dns
