#include "detect/rule/options/state_bits.hpp"

#include <utility>

namespace cresset::detect::rule::options {

using text::errc;
using text::parsed;
using text::text_cursor;

namespace {

constexpr std::size_t name_limit = 255;
constexpr std::size_t alternative_limit = 32;

constexpr std::pair<std::string_view, bit_action> bit_actions[] = {
    {"set", bit_action::set},           {"isset", bit_action::isset},
    {"isnotset", bit_action::isnotset}, {"unset", bit_action::unset},
    {"toggle", bit_action::toggle},     {"noalert", bit_action::noalert},
};

parsed<bit_action> read_action(text_cursor in) {
  for (const auto& [word, action] : bit_actions)
    if (text::equals_caseless(in.rest(), word))
      return action;
  return in.fail(errc::unknown_value, "set, isset, isnotset, unset, toggle or noalert is expected");
}

parsed<std::string> read_name(text_cursor in) {
  if (in.empty() || in.rest().size() > name_limit)
    return in.fail(errc::syntax, "a name of 1 to 255 characters is expected");
  if (in.rest().find_first_of(" \t") != std::string_view::npos)
    return in.fail(errc::syntax, "a name holds no blanks");
  return std::string{in.rest()};
}

parsed<std::uint32_t> read_seconds(text_cursor in) {
  const auto number = in.number();
  if (!number || !in.empty() || *number == 0 || *number > UINT32_MAX)
    return in.fail(errc::number_expected, "a number of seconds above 0 is expected");
  return static_cast<std::uint32_t>(*number);
}

constexpr std::pair<std::string_view, xbits::key> xbit_keys[] = {
    {"ip_src", xbits::key::source},
    {"ip_dst", xbits::key::destination},
    {"ip_pair", xbits::key::pair},
    {"tx", xbits::key::transaction}};
constexpr std::pair<std::string_view, xbits::key> host_keys[] = {
    {"src", xbits::key::source}, {"dst", xbits::key::destination}, {"both", xbits::key::both}};

constexpr std::pair<std::string_view, flowint::action> flowint_actions[] = {
    {"+", flowint::action::add},
    {"-", flowint::action::subtract},
    {"=", flowint::action::set},
    {"<", flowint::action::less},
    {"<=", flowint::action::less_or_equal},
    {"==", flowint::action::equal},
    {"!=", flowint::action::not_equal},
    {">=", flowint::action::greater_or_equal},
    {">", flowint::action::greater},
    {"isset", flowint::action::isset},
    {"isnotset", flowint::action::isnotset},
    {"notset", flowint::action::isnotset},
};

} // namespace

parsed<flowbits> parse_flowbits(text_cursor in) {
  const auto pieces = text::split(in, ',', 2);
  if (!pieces)
    return unexpected{pieces.error()};
  const auto action = read_action((*pieces)[0]);
  if (!action)
    return unexpected{action.error()};
  flowbits made{*action, {}};
  if (*action == bit_action::noalert) {
    if (pieces->size() > 1)
      return in.fail(errc::syntax, "noalert takes no name");
    return made;
  }
  if (pieces->size() < 2)
    return in.fail(errc::missing, "the name of a bit is expected");
  const auto names = text::split((*pieces)[1], '|', alternative_limit);
  if (!names)
    return unexpected{names.error()};
  if (names->size() > 1 && !is_condition(*action))
    return in.fail(errc::contradiction, "only isset and isnotset take several names");
  for (const auto& piece : *names) {
    auto name = read_name(piece);
    if (!name)
      return unexpected{name.error()};
    made.names.push_back(*std::move(name));
  }
  return made;
}

parsed<xbits> parse_xbits(text_cursor in) {
  const auto pieces = text::split(in, ',', 4);
  if (!pieces)
    return unexpected{pieces.error()};
  const auto action = read_action((*pieces)[0]);
  if (!action)
    return unexpected{action.error()};
  xbits made;
  made.what = *action;
  if (*action == bit_action::noalert && pieces->size() == 1)
    return made;
  if (pieces->size() < 3)
    return in.fail(errc::missing, "xbits takes an action, a name and track");
  auto name = read_name((*pieces)[1]);
  if (!name)
    return unexpected{name.error()};
  made.name = *std::move(name);
  auto track = (*pieces)[2];
  if (!track.skip_caseless("track"))
    return track.fail(errc::missing, "track is expected");
  track.skip_blanks();
  const auto* key = std::begin(xbit_keys);
  while (key != std::end(xbit_keys) && key->first != track.rest())
    ++key;
  if (key == std::end(xbit_keys))
    return track.fail(errc::unknown_value, "ip_src, ip_dst, ip_pair or tx is expected");
  made.track = key->second;
  if (pieces->size() < 4)
    return made;
  auto expire = (*pieces)[3];
  if (!expire.skip_caseless("expire"))
    return expire.fail(errc::unknown_value, "expire is expected");
  const auto seconds = read_seconds(expire.trimmed());
  if (!seconds)
    return unexpected{seconds.error()};
  if (made.track == xbits::key::transaction)
    return expire.fail(errc::contradiction, "bits of a transaction do not expire");
  made.expire_s = *seconds;
  return made;
}

parsed<xbits> parse_hostbits(text_cursor in) {
  const auto pieces = text::split(in, ',', 4);
  if (!pieces)
    return unexpected{pieces.error()};
  const auto action = read_action((*pieces)[0]);
  if (!action)
    return unexpected{action.error()};
  if (pieces->size() < 2)
    return in.fail(errc::missing, "hostbits takes an action and a name");
  auto name = read_name((*pieces)[1]);
  if (!name)
    return unexpected{name.error()};
  xbits made{*action, *std::move(name), xbits::key::source, 300, true};
  if (pieces->size() > 2) {
    const auto* key = std::begin(host_keys);
    while (key != std::end(host_keys) && key->first != (*pieces)[2].rest())
      ++key;
    if (key == std::end(host_keys))
      return (*pieces)[2].fail(errc::unknown_value, "src, dst or both is expected");
    made.track = key->second;
  }
  if (pieces->size() > 3) {
    const auto seconds = read_seconds((*pieces)[3]);
    if (!seconds)
      return unexpected{seconds.error()};
    made.expire_s = *seconds;
  }
  return made;
}

parsed<flowint> parse_flowint(text_cursor in) {
  const auto pieces = text::split(in, ',', 3);
  if (!pieces)
    return unexpected{pieces.error()};
  if (pieces->size() < 2)
    return in.fail(errc::missing, "flowint takes a name and what to do");
  auto name = read_name((*pieces)[0]);
  if (!name)
    return unexpected{name.error()};
  const auto* action = std::begin(flowint_actions);
  while (action != std::end(flowint_actions) && action->first != (*pieces)[1].rest())
    ++action;
  if (action == std::end(flowint_actions))
    return (*pieces)[1].fail(errc::unknown_value,
                             "+ - = < <= == != >= > isset or isnotset is expected");
  flowint made;
  made.what = action->second;
  made.name = *std::move(name);
  const bool valued = made.what != flowint::action::isset && made.what != flowint::action::isnotset;
  if (valued != (pieces->size() == 3))
    return in.fail(valued ? errc::missing : errc::syntax,
                   "a value belongs to all but isset and isnotset");
  if (!valued)
    return made;
  auto value = (*pieces)[2];
  const auto number = value.number();
  if (number && value.empty()) {
    if (*number > UINT32_MAX)
      return value.fail(errc::out_of_range, "a flowint has 32 bits");
    made.value = static_cast<std::uint32_t>(*number);
    return made;
  }
  auto other = read_name((*pieces)[2]);
  if (!other)
    return unexpected{other.error()};
  made.other = *std::move(other);
  return made;
}

} // namespace cresset::detect::rule::options
