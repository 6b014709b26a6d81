// Request:   control 1 | function 1 | objects
// Response:  control 1 | function 1 | indications 2 | objects
// Object:    group 1 | variation 1 | qualifier 1 | range | points, each with its prefix
//
// The qualifier's low half says how the range is written, its high half what stands before each
// point. A request that only names points (a read) has headers and no points; prefixes stand there
// all the same.
#include "detect/proto/dnp3/message.hpp"

#include "capture/base/byte_reader.hpp"
#include "detect/proto/dnp3/points.hpp"

#include <algorithm>
#include <string_view>

namespace cresset::detect::proto::dnp3 {
namespace {

constexpr std::uint8_t unsolicited_response = 130;

/// Functions whose requests carry the values of points.
bool carries_points(const message& of) noexcept {
  if (of.is_response)
    return true;
  switch (of.function) {
  case 2: // write
  case 3: // select
  case 4: // operate
  case 5:
  case 6:  // direct operate
  case 25: // open file and the others of files
  case 26:
  case 27:
  case 28:
  case 29:
  case 30:
  case 31:
  case 32: // authentication
  case 33: return true;
  default: return false;
  }
}

/// Bytes of what stands before each point; of a size (4 to 6) too.
std::size_t prefix_size(const object& one) noexcept {
  constexpr std::size_t sizes[] = {0, 1, 2, 4, 1, 2, 4, 0};
  return sizes[one.prefix_code()];
}
bool prefix_is_size(const object& one) noexcept {
  return one.prefix_code() >= 4 && one.prefix_code() <= 6;
}
std::optional<std::uint32_t> read_prefix(const object& one, byte_reader& in) noexcept {
  switch (prefix_size(one)) {
  case 1: return in.u8();
  case 2: return in.le16();
  case 4: return in.le32();
  default: return 0;
  }
}

bool read_range(object& one, byte_reader& in) noexcept {
  std::optional<std::uint32_t> start, stop;
  const auto set = [&] {
    if (!start || !stop || *stop < *start)
      return false;
    one.start = *start;
    one.stop = *stop;
    one.count = *stop - *start == UINT32_MAX ? UINT32_MAX : *stop - *start + 1;
    return true;
  };
  switch (one.range_code()) {
  case 0:
  case 3:
    start = in.u8();
    stop = in.u8();
    return set();
  case 1:
  case 4:
    start = in.le16();
    stop = in.le16();
    return set();
  case 2:
  case 5:
    start = in.le32();
    stop = in.le32();
    return set();
  case 6: return true;
  case 7:
  case 11: start = in.u8(); break;
  case 8: start = in.le16(); break;
  case 9: start = in.le32(); break;
  default: return false;
  }
  if (!start)
    return false;
  one.count = *start;
  return true;
}

/// Octet strings: their variation is their length.
bool is_octet_string(const object& one) noexcept {
  return one.group >= 110 && one.group <= 113;
}

/// Bytes of one point, without prefix; nothing when the object is not known.
std::optional<std::size_t> point_size(const object& one) noexcept {
  if (is_octet_string(one))
    return one.variation;
  const auto* layout = find_layout(one.group, one.variation);
  return layout != nullptr ? std::optional{layout->size()} : std::nullopt;
}

enum class found : std::uint8_t { all, unknown, cut };

/// Steps over the points of the object and notes where they lie.
found pass_points(const message& of, object& one, byte_reader& in) noexcept {
  const bool with_values = carries_points(of);
  const auto* layout = find_layout(one.group, one.variation);
  if (one.count == 0 || (!with_values && prefix_size(one) == 0))
    return found::all;
  one.points_at = of.fragment.size() - in.remaining();
  const auto done = [&](bool fine) {
    one.points_size = of.fragment.size() - in.remaining() - one.points_at;
    return fine ? found::all : found::cut;
  };
  if (with_values && layout != nullptr && layout->bits != 0 && prefix_size(one) == 0)
    return done(in.skip((std::size_t{one.count} * layout->bits + 7) / 8));
  const auto size = with_values ? point_size(one) : std::optional<std::size_t>{0};
  if (!size && !prefix_is_size(one))
    return found::unknown;
  for (std::uint32_t i = 0; i < one.count; ++i) {
    const auto prefix = read_prefix(one, in);
    if (!prefix || !in.skip(prefix_is_size(one) ? *prefix : *size))
      return done(false);
  }
  return done(true);
}

void write_points(json_writer& json, const message& of, const object& one, std::size_t& room) {
  const auto* layout = find_layout(one.group, one.variation);
  byte_reader in{byte_view{of.fragment}.subspan(one.points_at, one.points_size)};
  const bool packed = layout != nullptr && layout->bits != 0 && prefix_size(one) == 0;
  const auto bytes = in.rest();
  for (std::uint32_t i = 0; i < one.count && room > 0; ++i, --room) {
    json.begin_object();
    const auto prefix = packed ? std::optional<std::uint32_t>{0} : read_prefix(one, in);
    if (!prefix) {
      json.end_object();
      return;
    }
    const bool by_index = one.prefix_code() >= 1 && one.prefix_code() <= 3;
    json.member("prefix", *prefix).member("index", by_index ? *prefix : one.start + i);
    if (packed) {
      const std::size_t bit = std::size_t{i} * layout->bits;
      if (bit / 8 < bytes.size())
        json.member("state", std::to_integer<unsigned>(bytes[bit / 8]) >> (bit % 8) &
                                 ((1U << layout->bits) - 1));
    } else if (prefix_is_size(one) || is_octet_string(one)) {
      const auto body = in.take(prefix_is_size(one) ? *prefix : one.variation);
      if (body)
        json.key("data").base64(*body);
    } else if (layout != nullptr && carries_points(of)) {
      if (const auto body = in.take(layout->size()))
        write_point(json, *layout, *body);
    }
    json.end_object();
  }
}

constexpr std::string_view indication_names[] = {"reserved1",
                                                 "reserved2",
                                                 "config_corrupt",
                                                 "already_executing",
                                                 "event_buffer_overflow",
                                                 "parameter_error",
                                                 "object_unknown",
                                                 "no_func_code_support",
                                                 "device_restart",
                                                 "device_trouble",
                                                 "local_control",
                                                 "need_time",
                                                 "class_3_events",
                                                 "class_2_events",
                                                 "class_1_events",
                                                 "all_stations"};
constexpr std::uint16_t indication_bits[] = {0x0080, 0x0040, 0x0020, 0x0010, 0x0008, 0x0004,
                                             0x0002, 0x0001, 0x8000, 0x4000, 0x2000, 0x1000,
                                             0x0800, 0x0400, 0x0200, 0x0100};

void write_application(json_writer& json, const message& of) {
  json.key("application").begin_object().key("control").begin_object();
  json.member("fir", (of.control & 0x80U) != 0).member("fin", (of.control & 0x40U) != 0);
  json.member("con", (of.control & 0x20U) != 0).member("uns", (of.control & 0x10U) != 0);
  json.member("sequence", of.control & 0x0fU).end_object();
  json.member("function_code", of.function).key("objects").begin_array();
  std::size_t room = message::points_told_limit;
  for (const auto& one : of.objects) {
    json.begin_object().member("group", one.group).member("variation", one.variation);
    json.member("qualifier", one.qualifier).member("prefix_code", one.prefix_code());
    json.member("range_code", one.range_code()).member("start", one.start);
    json.member("stop", one.stop).member("count", one.count);
    if (one.points_size > 0) {
      json.key("points").begin_array();
      write_points(json, of, one, room);
      json.end_array();
    }
    json.end_object();
  }
  json.end_array().member("complete", of.is_complete).end_object();
}

} // namespace

object_faults read_fragment(message& of) {
  object_faults faults;
  byte_reader in{of.fragment};
  const auto control = in.u8();
  const auto function = in.u8();
  if (!control || !function)
    return faults;
  if (of.is_response) {
    const auto indications = in.be16();
    if (!indications)
      return faults;
    of.indications = *indications;
  }
  of.is_read = true;
  of.control = *control;
  of.function = *function;
  while (!in.empty()) {
    object one;
    const auto group = in.u8();
    const auto variation = in.u8();
    const auto qualifier = in.u8();
    if (!qualifier)
      return faults;
    if (of.objects.size() == message::objects_limit) {
      faults.too_many_objects = true;
      return faults;
    }
    one.group = *group;
    one.variation = *variation;
    one.qualifier = *qualifier;
    const bool has_range = read_range(one, in);
    const bool too_many = one.count > message::points_limit;
    const auto points = has_range && !too_many ? pass_points(of, one, in) : found::cut;
    of.objects.push_back(one);
    faults.too_many_points = faults.too_many_points || too_many;
    faults.unknown_object = faults.unknown_object || points == found::unknown;
    if (points != found::all)
      return faults;
  }
  of.is_complete = true;
  return faults;
}

void write_members(json_writer& json, const message& of) {
  json.member("type", !of.is_response                       ? "request"
                      : of.function == unsolicited_response ? "unsolicited_response"
                                                            : "response");
  json.key("control").begin_object().member("dir", of.link.from_master());
  json.member("pri", of.link.is_primary()).member("fcb", (of.link.control & 0x20U) != 0);
  json.member("fcv", (of.link.control & 0x10U) != 0);
  json.member("function_code", of.link.function()).end_object();
  json.member("src", of.link.source).member("dst", of.link.destination);
  if (!of.is_read)
    return;
  write_application(json, of);
  if (!of.is_response)
    return;
  json.key("iin").begin_object().key("indicators").begin_array();
  for (std::size_t i = 0; i < std::size(indication_bits); ++i)
    if ((of.indications & indication_bits[i]) != 0)
      json.text(indication_names[i]);
  json.end_array().end_object();
}

} // namespace cresset::detect::proto::dnp3
