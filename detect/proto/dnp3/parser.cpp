// Three layers lie over each other:
//
//   link:         05 64 | length | control | destination 2 | source 2 | checksum 2 | blocks of 16 +
//   2 transport:    FIN FIR sequence (one octet), then a segment application:  the fragment that
//   the segments from FIR to FIN make
//
// A frame whose checksum is wrong is told and passed over by its length.
#include "detect/proto/dnp3/parser.hpp"

#include <algorithm>

namespace cresset::detect::proto::dnp3 {
namespace {

constexpr auto ts = direction::to_server;
constexpr auto tc = direction::to_client;

constexpr std::array buffers{
    buffer_description{"dnp3.data", ts, progress_done},
    buffer_description{"dnp3.data", tc, progress_done},
};
static_assert(buffers.size() == static_cast<std::size_t>(buffer_index::data_tc) + 1);

constexpr std::array fields{
    field_description{"dnp3_func", ts, progress_done},
    field_description{"dnp3_func", tc, progress_done},
    field_description{"dnp3_ind", tc, progress_done},
    field_description{"dnp3_obj", ts, progress_done, true},
    field_description{"dnp3_obj", tc, progress_done, true},
};
static_assert(fields.size() == static_cast<std::size_t>(field_index::obj_tc) + 1);

constexpr std::uint8_t final_segment = 0x80;
constexpr std::uint8_t first_segment = 0x40;
constexpr std::uint8_t sequence_mask = 0x3f;

} // namespace

constinit const protocol_description description{"dnp3", buffers, fields};

std::size_t fragment::instances(buffer_id id) const noexcept {
  return id == index(way_) && message_.is_read ? 1 : 0;
}

std::optional<byte_view> fragment::buffer(buffer_id id, std::size_t instance) const noexcept {
  if (instance >= instances(id))
    return std::nullopt;
  return byte_view{message_.fragment};
}

std::size_t fragment::field_instances(field_id id) const noexcept {
  const auto wanted = static_cast<field_index>(id);
  const bool of_server =
      wanted == field_index::func_tc || wanted == field_index::ind || wanted == field_index::obj_tc;
  if (!message_.is_read || of_server != (way_ == tc))
    return 0;
  return wanted == field_index::obj_ts || wanted == field_index::obj_tc ? message_.objects.size()
                                                                        : 1;
}

std::optional<std::uint64_t> fragment::field(field_id id, std::size_t instance) const noexcept {
  if (instance >= field_instances(id))
    return std::nullopt;
  switch (static_cast<field_index>(id)) {
  case field_index::func_ts:
  case field_index::func_tc: return message_.function;
  case field_index::ind: return message_.indications;
  case field_index::obj_ts:
  case field_index::obj_tc:
    return std::uint64_t{message_.objects[instance].group} << 8 |
           message_.objects[instance].variation;
  }
  return std::nullopt;
}

void fragment::write_members(json_writer& json) const {
  json.key(way_ == ts ? "request" : "response").begin_object();
  dnp3::write_members(json, message_);
  json.end_object();
}

fragment& parser::begin(direction way) {
  if (all_.size() >= live_limit)
    for (const auto each : {ts, tc})
      all_[0].advance(each, progress_done);
  return all_.add(std::make_unique<fragment>(all_.next_number(), way));
}

void parser::finish(direction way) {
  auto& mine = halves_[index(way)];
  if (mine.building != nullptr)
    mine.building->advance(way, progress_done);
  mine.building = nullptr;
}

/// An event that belongs to no fragment gets a transaction of its own.
void parser::raise(direction way, std::string_view event) {
  auto& mine = halves_[index(way)];
  if (mine.building != nullptr) {
    mine.building->events_.raise(event);
    return;
  }
  auto& one = begin(way);
  one.events_.raise(event);
  one.advance(way, progress_done);
}

parse_status parser::bytes(direction way, byte_view bytes, timestamp) {
  auto& mine = halves_[index(way)];
  while (!bytes.empty() && !mine.is_broken) {
    std::size_t wanted = link_header::size;
    const auto take = [&] {
      const auto taken = std::min(bytes.size(), wanted - std::min(wanted, mine.open.size()));
      mine.open.insert(mine.open.end(), bytes.begin(),
                       bytes.begin() + static_cast<std::ptrdiff_t>(taken));
      bytes = bytes.subspan(taken);
      return mine.open.size() >= wanted;
    };
    if (!take())
      break;
    const auto link = read_link_header(mine.open);
    if (!link || link->length < link_header::length_least) {
      if (link)
        raise(way, "len_too_small");
      mine.is_broken = true;
      break;
    }
    wanted = link->frame_size();
    if (!take())
      break;
    if (header_is_intact(mine.open))
      on_frame(way, *link, byte_view{mine.open}.subspan(link_header::size));
    else
      raise(way, "bad_link_crc");
    mine.open.clear();
  }
  if (over_ == transport::udp) { // each datagram stands alone
    mine.open.clear();
    mine.is_broken = false;
  }
  if (mine.is_broken)
    return parse_status::malformed;
  return mine.open.empty() ? parse_status::consumed : parse_status::need_more;
}

void parser::on_frame(direction way, const link_header& link, byte_view blocks) {
  if (!link.carries_user_bytes())
    return;
  if (link.user_bytes() == 0)
    return raise(way, "len_too_small");
  segment_.clear();
  if (!append_user_bytes(blocks, segment_))
    return raise(way, "bad_transport_crc");
  on_segment(way, link, segment_);
}

void parser::on_segment(direction way, const link_header& link, byte_view segment) {
  auto& mine = halves_[index(way)];
  const auto head = std::to_integer<std::uint8_t>(segment[0]);
  segment = segment.subspan(1);
  if ((head & first_segment) != 0) {
    finish(way);
    mine.building = &begin(way);
    mine.building->message_.link = link;
    mine.building->message_.is_response = way == tc;
  } else if (mine.building == nullptr || (head & sequence_mask) != mine.next_segment) {
    return; // its beginning was not seen, or it comes twice
  }
  mine.next_segment = (head + 1U) & sequence_mask;
  auto& whole = mine.building->message_.fragment;
  if (segment.size() > fragment_limit_bytes - whole.size()) {
    raise(way, "too_long_reassembly");
    whole.clear();
    whole.shrink_to_fit();
    return finish(way);
  }
  whole.insert(whole.end(), segment.begin(), segment.end());
  if ((head & final_segment) != 0)
    on_fragment(way);
}

void parser::on_fragment(direction way) {
  auto& one = *halves_[index(way)].building;
  const auto faults = read_fragment(one.message_);
  if (faults.unknown_object)
    one.events_.raise("unknown_object");
  if (faults.too_many_points)
    one.events_.raise("max_points_per_object");
  if (faults.too_many_objects)
    one.events_.raise("too_many_objects");
  if (way == tc)
    unanswered_ = 0;
  else if (++unanswered_ == unanswered_limit + 1)
    one.events_.raise("flooded");
  finish(way);
}

parse_status parser::gap(direction way, std::uint64_t) {
  auto& mine = halves_[index(way)];
  finish(way);
  mine.open.clear();
  mine.is_broken = true; // the frames' begin is lost
  return parse_status::malformed;
}

void parser::end(direction way) {
  finish(way);
}

void parser::release(std::uint64_t number) noexcept {
  for (auto& each : halves_)
    if (each.building != nullptr && each.building->number() == number)
      each.building = nullptr;
  all_.take(number);
}

} // namespace cresset::detect::proto::dnp3
