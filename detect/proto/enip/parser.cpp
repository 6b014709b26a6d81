// Messages are cut by the length in their header and paired by command and sender's context, which
// a device sends back as it came. Over UDP each datagram holds one message or several.
#include "detect/proto/enip/parser.hpp"

#include <algorithm>

namespace cresset::detect::proto::enip {
namespace {

constexpr auto ts = direction::to_server;
constexpr auto tc = direction::to_client;

constexpr std::array buffers{
    buffer_description{"enip.product_name", tc, progress_done},
    buffer_description{"enip.service_name", tc, progress_done},
};

/// The table of fields in its order.
enum index : field_id {
  command_ts,
  command_tc,
  status_ts,
  status_tc,
  version_ts,
  version_tc,
  cip_service_ts,
  cip_service_tc,
  cip_class,
  cip_instance,
  cip_attribute,
  cip_status,
  cip_extended,
  revision,
  identity_status,
  state,
  serial,
  product_code,
  device_type,
  vendor_id,
  capabilities,
};
constexpr std::array fields{
    field_description{"enip_command", ts, progress_done},
    field_description{"enip_command", tc, progress_done},
    field_description{"enip.status", ts, progress_done},
    field_description{"enip.status", tc, progress_done},
    field_description{"enip.protocol_version", ts, progress_done},
    field_description{"enip.protocol_version", tc, progress_done},
    field_description{"cip_service", ts, progress_done, true},
    field_description{"cip_service", tc, progress_done, true},
    field_description{"enip.cip_class", ts, progress_done, true},
    field_description{"enip.cip_instance", ts, progress_done, true},
    field_description{"enip.cip_attribute", ts, progress_done, true},
    field_description{"enip.cip_status", tc, progress_done, true},
    field_description{"enip.cip_extendedstatus", tc, progress_done, true},
    field_description{"enip.revision", tc, progress_done},
    field_description{"enip.identity_status", tc, progress_done},
    field_description{"enip.state", tc, progress_done},
    field_description{"enip.serial", tc, progress_done},
    field_description{"enip.product_code", tc, progress_done},
    field_description{"enip.device_type", tc, progress_done},
    field_description{"enip.vendor_id", tc, progress_done},
    field_description{"enip.capabilities", tc, progress_done},
};
static_assert(fields.size() == capabilities + 1);

} // namespace

constinit const protocol_description description{"enip", buffers, fields};

std::optional<byte_view> exchange::buffer(buffer_id id, std::size_t instance) const noexcept {
  if (instance != 0 || !response_)
    return std::nullopt;
  if (id == 0 && response_->device)
    return as_bytes(response_->device->product_name);
  if (id == 1 && response_->offered)
    return as_bytes(response_->offered->name);
  return std::nullopt;
}

std::size_t exchange::field_instances(field_id id) const noexcept {
  return id < fields.size() ? values_[id].size() : 0;
}
std::optional<std::uint64_t> exchange::field(field_id id, std::size_t instance) const noexcept {
  if (instance >= field_instances(id))
    return std::nullopt;
  return values_[id][instance];
}

void exchange::take_values(direction way, const message& of) {
  const bool asks = way == ts;
  values_[asks ? command_ts : command_tc].push_back(of.command);
  values_[asks ? status_ts : status_tc].push_back(of.status);
  if (const auto version = of.protocol_version())
    values_[asks ? version_ts : version_tc].push_back(*version);
  for (const auto& one : of.cip.all) {
    using kind = path_segment::kind;
    const auto object_class = one.segment(kind::object_class);
    const auto attribute = one.segment(kind::attribute);
    auto& packed = values_[asks ? cip_service_ts : cip_service_tc];
    packed.push_back(packed_service(one.service, object_class, attribute));
    for (const auto each : one.listed) {
      packed.push_back(packed_service(one.service, object_class, each));
      values_[cip_attribute].push_back(each);
    }
    for (const auto& [what, value] : one.path) {
      if (what == kind::object_class)
        values_[cip_class].push_back(value);
      else if (what == kind::instance)
        values_[cip_instance].push_back(value);
      else if (what == kind::attribute)
        values_[cip_attribute].push_back(value);
    }
    if (one.is_response)
      values_[cip_status].push_back(one.status);
    if (one.extended_status)
      values_[cip_extended].push_back(*one.extended_status);
  }
  if (const auto& d = of.device) {
    const std::pair<field_id, std::uint64_t> known[] = {
        {revision, d->revision},  {identity_status, d->status},    {state, d->state},
        {serial, d->serial},      {product_code, d->product_code}, {device_type, d->device_type},
        {vendor_id, d->vendor_id}};
    for (const auto& [id, value] : known)
      values_[id].push_back(value);
  }
  if (of.offered)
    values_[capabilities].push_back(of.offered->capabilities);
}

void exchange::write_members(json_writer& json) const {
  if (request_) {
    json.key("request").begin_object();
    enip::write_members(json, *request_);
    json.end_object();
  }
  if (response_) {
    json.key("response").begin_object();
    enip::write_members(json, *response_);
    json.end_object();
  }
}

exchange& parser::begin() {
  if (all_.size() >= waiting_limit) {
    all_[0].events_.raise("too_many_transactions");
    for (const auto way : {ts, tc})
      all_[0].advance(way, progress_done);
  }
  return all_.add(std::make_unique<exchange>(all_.next_number()));
}

parse_status parser::bytes(direction way, byte_view bytes, timestamp) {
  auto& mine = halves_[proto::index(way)];
  while (!bytes.empty() && !mine.is_broken) {
    std::size_t wanted = message::header_size;
    const auto take = [&] {
      const auto taken = std::min(bytes.size(), wanted - std::min(wanted, mine.open.size()));
      mine.open.insert(mine.open.end(), bytes.begin(),
                       bytes.begin() + static_cast<std::ptrdiff_t>(taken));
      bytes = bytes.subspan(taken);
      return mine.open.size() >= wanted;
    };
    if (!take())
      break;
    wanted += body_size(mine.open);
    if (!take())
      break;
    on_message(way, mine.open);
    mine.open.clear();
  }
  if (over_ == transport::udp && !mine.open.empty()) { // the datagram ends before its message
    auto& one = begin();
    one.events_.raise("invalid_pdu");
    for (const auto each : {ts, tc})
      one.advance(each, progress_done);
    mine.open.clear();
  }
  if (mine.is_broken)
    return parse_status::malformed;
  return mine.open.empty() ? parse_status::consumed : parse_status::need_more;
}

void parser::on_message(direction way, byte_view bytes) {
  auto made = read_message(way, bytes);
  exchange* one = nullptr;
  if (way == tc)
    for (std::size_t i = 0; i < all_.size() && one == nullptr; ++i)
      if (all_[i].request_ && !all_[i].response_ && all_[i].request_->command == made.command &&
          all_[i].request_->context == made.context)
        one = &all_[i];
  if (one == nullptr)
    one = &begin();
  if (made.is_damaged)
    one->events_.raise("invalid_pdu");
  one->take_values(way, made);
  (way == ts ? one->request_ : one->response_) = std::move(made);
  one->advance(way, progress_done);
  if (way == tc || halves_[proto::index(tc)].is_ended)
    for (const auto each : {ts, tc})
      one->advance(each, progress_done);
}

parse_status parser::gap(direction way, std::uint64_t) {
  halves_[proto::index(way)].is_broken = true; // nothing marks where the next message begins
  end(way);
  return parse_status::malformed;
}

void parser::end(direction way) {
  halves_[proto::index(way)].is_ended = true;
  for (std::size_t i = 0; i < all_.size(); ++i)
    all_[i].advance(way, progress_done);
}

} // namespace cresset::detect::proto::enip
