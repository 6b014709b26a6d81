#include "detect/rule/options/threshold.hpp"

#include <optional>
#include <utility>

namespace cresset::detect::rule::options {

using text::errc;
using text::parsed;
using text::text_cursor;

namespace {

constexpr std::pair<std::string_view, tracker> trackers[] = {{"by_src", tracker::by_src},
                                                             {"by_dst", tracker::by_dst},
                                                             {"by_both", tracker::by_both},
                                                             {"by_rule", tracker::by_rule},
                                                             {"by_flow", tracker::by_flow}};
constexpr std::pair<std::string_view, threshold::type> types[] = {
    {"limit", threshold::type::limit},
    {"threshold", threshold::type::threshold},
    {"both", threshold::type::both},
    {"backoff", threshold::type::backoff}};

/// The words of both options, each at most once, in any order.
struct words {
  std::optional<threshold::type> type;
  std::optional<tracker> track;
  std::optional<std::uint32_t> count;
  std::optional<std::uint32_t> seconds;
  std::optional<std::uint32_t> multiplier;
};

parsed<void> read_number(std::optional<std::uint32_t>& into, text_cursor in) {
  const auto number = in.number();
  if (!number || !in.empty() || *number == 0 || *number > UINT32_MAX)
    return in.fail(errc::number_expected, "a number above 0 is expected");
  if (into)
    return in.fail(errc::contradiction, "the word stands twice");
  into = static_cast<std::uint32_t>(*number);
  return {};
}

parsed<void> read_type(words& made, text_cursor in) {
  if (made.type)
    return in.fail(errc::contradiction, "type stands twice");
  for (const auto& [word, type] : types)
    if (text::equals_caseless(in.rest(), word))
      made.type = type;
  if (!made.type)
    return in.fail(errc::unknown_value, "limit, threshold, both or backoff is expected");
  return {};
}

parsed<words> read_words(text_cursor in) {
  const auto pieces = text::split(in, ',', 8);
  if (!pieces)
    return unexpected{pieces.error()};
  words made;
  for (auto piece : *pieces) {
    const auto word = text::lower(piece.word());
    piece.skip_blanks();
    parsed<void> read{};
    if (word == "type") {
      read = read_type(made, piece);
    } else if (word == "track") {
      const auto track = parse_tracker(piece);
      if (!track)
        return unexpected{track.error()};
      if (made.track)
        return piece.fail(errc::contradiction, "track stands twice");
      made.track = *track;
    } else if (word == "count") {
      read = read_number(made.count, piece);
    } else if (word == "seconds") {
      read = read_number(made.seconds, piece);
    } else if (word == "multiplier") {
      read = read_number(made.multiplier, piece);
    } else {
      return piece.fail(errc::unknown_value,
                        "type, track, count, seconds or multiplier is expected");
    }
    if (!read)
      return unexpected{read.error()};
  }
  return made;
}

} // namespace

parsed<tracker> parse_tracker(text_cursor in) {
  in = in.trimmed();
  for (const auto& [word, tracked] : trackers)
    if (text::equals_caseless(in.rest(), word))
      return tracked;
  return in.fail(errc::unknown_value, "by_src, by_dst, by_both, by_rule or by_flow is expected");
}

parsed<threshold> parse_threshold(text_cursor in) {
  const auto read = read_words(in);
  if (!read)
    return unexpected{read.error()};
  if (!read->type || !read->track || !read->count)
    return in.fail(errc::missing, "threshold needs type, track and count");
  const bool backs_off = *read->type == threshold::type::backoff;
  if (backs_off != read->multiplier.has_value() || backs_off == read->seconds.has_value())
    return in.fail(errc::contradiction,
                   "seconds belongs to limit, threshold and both; multiplier to backoff");
  if (backs_off && (*read->track != tracker::by_flow || *read->multiplier < 2))
    return in.fail(errc::contradiction, "backoff tracks by_flow with a multiplier above 1");
  return threshold{*read->type, *read->track, *read->count, read->seconds.value_or(0),
                   read->multiplier.value_or(0)};
}

parsed<detection_filter> parse_detection_filter(text_cursor in) {
  const auto read = read_words(in);
  if (!read)
    return unexpected{read.error()};
  if (!read->track || !read->count || !read->seconds)
    return in.fail(errc::missing, "detection_filter needs track, count and seconds");
  if (read->type || read->multiplier)
    return in.fail(errc::unknown_value, "detection_filter has neither type nor multiplier");
  return detection_filter{*read->track, *read->count, *read->seconds};
}

} // namespace cresset::detect::rule::options
