// Request:   service 1 | path words 1 | path | body
// Response:  service 1 with bit 7 | 0 | status 1 | words of extended status 1 | these | body
//
// A segment of a path names a class, an instance or an attribute by a number of one, two or four
// bytes; of the other kinds of segment none is needed here, but their lengths have to be known to
// step over them (volume 1, appendix C).
#include "detect/proto/enip/cip.hpp"

#include "capture/base/byte_reader.hpp"
#include "detect/proto/enip/names.hpp"

namespace cresset::detect::proto::enip {
namespace {

constexpr std::uint8_t response_bit = 0x80;
enum service : std::uint8_t {
  get_attribute_list = 0x03,
  set_attribute_list = 0x04,
  multiple_service = 0x0a,
  unconnected_send = 0x52,
};
constexpr std::uint32_t connection_manager = 6;

bool read_logical(unsigned head, byte_reader& in, std::vector<path_segment>& path) {
  std::optional<std::uint32_t> value;
  switch (head & 3U) {
  case 0: value = in.u8(); break;
  case 1:
    in.skip(1);
    value = in.le16();
    break;
  case 2:
    in.skip(1);
    value = in.le32();
    break;
  default: return false;
  }
  const auto kind = head >> 2 & 7U;
  if (!value || kind > 4 || path.size() == cip_message::path_limit)
    return value && kind > 4;
  path.push_back({static_cast<path_segment::kind>(kind), *value});
  return true;
}

bool read_path(byte_view bytes, std::vector<path_segment>& path) {
  byte_reader in{bytes};
  while (!in.empty()) {
    const unsigned head = *in.u8();
    if (head >> 5 == 1) {
      if (!read_logical(head, in, path))
        return false;
    } else if (head >> 5 == 0) { // a port, with a link address
      const auto size = (head & 0x10U) != 0 ? in.u8() : std::optional<std::uint8_t>{1};
      if (!size || ((head & 0x0fU) == 0x0f && !in.skip(2)) || !in.skip(*size))
        return false;
      if ((*size & 1U) == 0 && !in.empty() && (head & 0x10U) == 0)
        in.skip(1);
    } else if (head == 0x91) { // a symbol, padded to whole words
      const auto size = in.u8();
      if (!size || !in.skip(*size + (*size & 1U)))
        return false;
    } else {
      return true; // keys and the like: what they lead to is not told
    }
  }
  return true;
}

void read_listed(cip_message& one, byte_reader in) {
  const auto count = in.le16();
  if (!count)
    return;
  // Behind an attribute to set stands a value whose size only the device knows: the first alone is
  // read.
  const std::size_t most = one.service == set_attribute_list ? 1 : cip_message::attributes_limit;
  for (std::size_t i = 0; i < *count && i < most; ++i) {
    const auto attribute = in.le16();
    if (!attribute)
      return;
    one.listed.push_back(*attribute);
  }
}

/// Reads one message; answers its body, or nothing when it cannot be read.
std::optional<byte_view> read_one(byte_view bytes, cip_messages& into,
                                  std::optional<std::size_t> parent) {
  byte_reader in{bytes};
  const auto head = in.u8();
  const auto second = in.u8();
  if (!second || into.all.size() == cip_messages::limit) {
    into.is_damaged = true;
    return std::nullopt;
  }
  cip_message one;
  one.service = *head & 0x7fU;
  one.is_response = (*head & response_bit) != 0;
  one.parent = parent.value_or(into.all.size());
  bool is_fine = true;
  if (one.is_response) {
    const auto status = in.u8();
    const auto words = in.u8();
    const auto extended = words ? in.take(*words * std::size_t{2}) : std::nullopt;
    is_fine = extended.has_value();
    one.status = status.value_or(0);
    if (extended && !extended->empty())
      one.extended_status = load_le16(extended->first<2>());
  } else {
    const auto path = in.take(*second * std::size_t{2});
    is_fine = path && read_path(*path, one.path);
    if (is_fine && (one.service == get_attribute_list || one.service == set_attribute_list))
      read_listed(one, in);
  }
  into.is_damaged = into.is_damaged || !is_fine;
  into.all.push_back(std::move(one));
  return is_fine ? std::optional{in.rest()} : std::nullopt;
}

/// count 2 | offsets 2 each, from the count's begin | messages
void read_multiple(byte_view body, cip_messages& into, std::size_t parent) {
  byte_reader in{body};
  const auto count = in.le16();
  if (!count || in.remaining() < *count * std::size_t{2}) {
    into.is_damaged = true;
    return;
  }
  for (std::size_t i = 0; i < *count && i < cip_messages::limit; ++i) {
    const std::size_t begin = *in.le16();
    const std::size_t end = i + 1 < *count ? load_le16(in.rest().first<2>()) : body.size();
    if (begin > end || end > body.size()) {
      into.is_damaged = true;
      return;
    }
    read_one(body.subspan(begin, end - begin), into, parent);
  }
}

} // namespace

std::optional<std::uint32_t> cip_message::segment(path_segment::kind what) const noexcept {
  for (const auto& one : path)
    if (one.what == what)
      return one.value;
  return std::nullopt;
}

void read_cip(byte_view bytes, cip_messages& into) {
  const auto at = into.all.size();
  const auto body = read_one(bytes, into, std::nullopt);
  if (!body)
    return;
  const auto& one = into.all[at];
  if (one.service == multiple_service) {
    read_multiple(*body, into, at);
  } else if (one.service == unconnected_send && !one.is_response &&
             one.segment(path_segment::kind::object_class) == connection_manager) {
    byte_reader in{*body};
    in.skip(2); // priority, ticks
    const auto size = in.le16();
    const auto carried = size ? in.take(*size) : std::nullopt;
    if (carried)
      read_one(*carried, into, at);
    else
      into.is_damaged = true;
  }
}

void write_members(json_writer& json, const cip_messages& of, std::size_t i) {
  constexpr std::string_view kinds[] = {"class", "instance", "member", "connection_point",
                                        "attribute"};
  const auto& one = of.all[i];
  json.member("service", service_name(one.service));
  if (one.is_response) {
    json.member("status", cip_status_name(one.status));
    if (one.extended_status)
      json.member("status_extended", *one.extended_status);
  } else {
    if (const auto number = one.segment(path_segment::kind::object_class))
      if (const auto name = class_name(*number); !name.empty())
        json.member("class_name", name);
    json.key("path").begin_array();
    for (const auto& [what, value] : one.path)
      json.begin_object()
          .member("segment_type", kinds[static_cast<std::size_t>(what)])
          .member("value", value)
          .end_object();
    json.end_array();
  }
  bool has_carried = false;
  for (std::size_t j = i + 1; j < of.all.size(); ++j) {
    if (of.all[j].parent != i)
      continue;
    if (!has_carried)
      json.key("multiple").begin_array();
    has_carried = true;
    json.begin_object();
    write_members(json, of, j);
    json.end_object();
  }
  if (has_carried)
    json.end_array();
}

} // namespace cresset::detect::proto::enip
