#include "coord/quality/suppression.hpp"

#include "capture/base/ip_address.hpp"
#include "coord/incident/words.hpp"

#include <fmt/format.h>

#include <charconv>

namespace cresset::coord::quality {
namespace {

constexpr incident::words<suppression_track, 4> tracks{{"rule", "by_src", "by_dst", "by_either"}};

bool is_prefix(std::string_view text) {
  const auto slash = text.find('/');
  const auto base = ip_address::parse(text.substr(0, slash));
  if (!base || slash == std::string_view::npos)
    return base.has_value();
  unsigned bits = 0;
  const auto* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data() + slash + 1, end, bits);
  return read.ec == std::errc{} && read.ptr == end && bits > 0 && bits <= base->width_bits() &&
         base->prefix(bits) == *base;
}

} // namespace

std::string_view to_string(suppression_track track) noexcept {
  return tracks.word(track);
}

std::optional<suppression_track> track_from(std::string_view word) noexcept {
  return tracks.value(word);
}

std::string objection(const suppression& what, timestamp now) {
  if (what.sid == 0)
    return "a suppression names a rule: sid is 1 or more";
  if (what.reason.empty() || what.reason.size() > 2000)
    return "a suppression needs a reason of at most 2000 bytes";
  if ((what.track == suppression_track::rule) != what.prefix.empty())
    return "track rule has no prefix, any other needs one";
  if (!what.prefix.empty() && !is_prefix(what.prefix))
    return "the prefix is no address and no prefix without host bits";
  if (what.expires <= now + suppression_hold || what.expires > now + suppression_lifetime_limit)
    return "a suppression ends in the future, within 90 days";
  return {};
}

std::string threshold_line(const suppression& what) {
  if (what.track == suppression_track::rule)
    return fmt::format("suppress gen_id {}, sig_id {}", what.gid, what.sid);
  return fmt::format("suppress gen_id {}, sig_id {}, track {}, ip {}", what.gid, what.sid,
                     to_string(what.track), what.prefix);
}

} // namespace cresset::coord::quality
