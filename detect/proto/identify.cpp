#include "detect/proto/identify.hpp"

#include <algorithm>

namespace cresset::detect::proto {
namespace {

bool has_port(std::span<const std::uint16_t> ports, const flow_hint& hint) noexcept {
  return std::any_of(ports.begin(), ports.end(), [&](std::uint16_t port) {
    return port == hint.server_port || port == hint.client_port;
  });
}

bool is_asked(const recogniser& one, const identify_settings& settings,
              const flow_hint& hint) noexcept {
  if (one.over != hint.over || !settings.is_enabled(one.protocol))
    return false;
  if (one.ports.empty() || has_port(one.ports, hint))
    return true;
  return std::any_of(settings.extra_ports.begin(), settings.extra_ports.end(),
                     [&](const extra_port& extra) {
                       return extra.protocol == one.protocol && extra.over == one.over &&
                              (extra.port == hint.server_port || extra.port == hint.client_port);
                     });
}

/// What the strong recognisers say of bytes if they came from the other side. `is_open` is set when
/// one of them wants more.
app_protocol seen_from_the_other_side(const identify_settings& settings, const flow_hint& hint,
                                      direction way, byte_view bytes, bool& is_open) noexcept {
  for (const auto& one : recognisers()) {
    if (!one.ports.empty() || one.to_server == one.to_client || !is_asked(one, settings, hint))
      continue;
    const auto look = way == direction::to_server ? one.to_client : one.to_server;
    const auto answer = look != nullptr ? look(bytes) : likeness::no;
    if (answer == likeness::yes)
      return one.protocol;
    is_open = is_open || answer == likeness::need_more;
  }
  return app_protocol::unknown;
}

} // namespace

identity identifier::feed(const identify_settings& settings, const flow_hint& hint, direction way,
                          byte_view from_start) noexcept {
  auto& state = state_[index(way)];
  if (state != identity::need_more || from_start.empty())
    return state;
  bool is_open = false;
  for (const auto& one : recognisers()) {
    const auto look = way == direction::to_server ? one.to_server : one.to_client;
    if (look == nullptr || !is_asked(one, settings, hint))
      continue;
    const auto answer = look(from_start);
    if (answer == likeness::no)
      continue;
    if (answer == likeness::need_more) {
      is_open = true;
      continue;
    }
    found_[index(way)] = one.protocol;
    if (protocol_ == app_protocol::unknown) {
      protocol_ = one.protocol;
      // who has opened a connection is no guess where that was seen; a port says which side serves
      reversed_ =
          answer == likeness::yes_but_reversed && (hint.may_be_reversed || !one.ports.empty());
    }
    return state = identity::found;
  }
  if (hint.may_be_reversed && !is_open && protocol_ == app_protocol::unknown) {
    const auto other = seen_from_the_other_side(settings, hint, way, from_start, is_open);
    if (other != app_protocol::unknown) {
      protocol_ = found_[index(way)] = other;
      reversed_ = true;
      return state = identity::found;
    }
  }
  // A datagram is judged whole; the next one gets its own chance, a few times.
  if (hint.over == transport::udp)
    return ++datagrams_[index(way)] < limit_datagrams ? state : state = identity::unknown;
  if (!is_open || from_start.size() >= limit_bytes)
    state = identity::unknown;
  return state;
}

void identifier::end(direction way) noexcept {
  if (state_[index(way)] == identity::need_more)
    state_[index(way)] = identity::unknown;
}

} // namespace cresset::detect::proto
