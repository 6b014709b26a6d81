#include "detect/rule/options/number_match.hpp"

#include <chrono>
#include <utility>

namespace cresset::detect::rule::options {

using text::errc;
using text::parsed;
using text::text_cursor;

namespace {

using side = number_match::side;

constexpr std::pair<std::string_view, side> sides[] = {
    {"toserver", side::to_server},  {"to_server", side::to_server}, {"toclient", side::to_client},
    {"to_client", side::to_client}, {"either", side::either},       {"both", side::both},
};

std::optional<side> find_side(std::string_view word) {
  for (const auto& [name, meant] : sides)
    if (text::equals_caseless(name, word))
      return meant;
  return std::nullopt;
}

parsed<number_match> compare(number_match made, text_cursor in, const text::number_form& form) {
  const auto test = text::parse_comparison(in, form);
  if (!test)
    return unexpected{test.error()};
  made.test = *test;
  return made;
}

parsed<number_match> read_sided(number_match made, text_cursor in, const text::number_form& form,
                                bool optional) {
  auto value = in;
  const auto first = value.until(',');
  const auto found = find_side(first.rest());
  if (!found && !optional)
    return in.fail(errc::unknown_value, "toserver, toclient, either or both is expected first");
  if (!found)
    return compare(std::move(made), in, form);
  made.of = *found;
  return compare(std::move(made), value.trimmed(), form);
}

constexpr std::pair<std::string_view, instance_choice::kind> choices[] = {
    {"any", instance_choice::kind::any},
    {"all", instance_choice::kind::all},
    {"all_or_absent", instance_choice::kind::all_or_absent},
    {"or_absent", instance_choice::kind::absent_or_any},
    {"absent", instance_choice::kind::absent},
};

parsed<number_match> read_instances(number_match made, text_cursor in,
                                    const text::number_form& form) {
  if (in.skip_caseless("count ")) {
    made.instances.which = instance_choice::kind::count;
    return compare(std::move(made), in, {});
  }
  const auto value = in.until(',');
  auto index = in.trimmed();
  if (!index.empty()) {
    const auto* choice = std::begin(choices);
    while (choice != std::end(choices) && choice->first != index.rest())
      ++choice;
    auto rest = index;
    if (choice != std::end(choices)) {
      made.instances.which = choice->second;
    } else if (const auto number = rest.signed_number();
               number && rest.empty() && *number >= -1024 && *number <= 1024) {
      made.instances = {instance_choice::kind::nth, static_cast<std::int32_t>(*number)};
    } else {
      return index.fail(errc::unknown_value,
                        "any, all, all_or_absent, or_absent or an index is expected");
    }
  }
  return compare(std::move(made), value, form);
}

parsed<number_match> read_uri_length(number_match made, text_cursor in,
                                     const text::number_form& form) {
  const auto value = in.until(',');
  const auto word = in.trimmed();
  made.raw = word.rest() == "raw";
  if (!word.empty() && !made.raw && word.rest() != "norm")
    return word.fail(errc::unknown_value, "raw or norm is expected");
  return compare(std::move(made), value, form);
}

parsed<number_match> read_keyed(number_match made, text_cursor in, const text::number_form& form) {
  const auto word = in.word();
  for (const auto& name : form.names)
    if (text::equals_caseless(name.name, word)) {
      made.key = static_cast<std::uint32_t>(name.number);
      return compare(std::move(made), in, {form.most});
    }
  return in.fail(errc::unknown_value, "the name of a setting is expected");
}

/// YYYY[-MM[-DD[ HH[:MM[:SS]]]]] in UTC, as seconds since 1970.
parsed<std::uint64_t> read_date(text_cursor in) {
  constexpr std::string_view separators[] = {"", "-", "-", " ", ":", ":"};
  constexpr std::uint64_t least[] = {1950, 1, 1, 0, 0, 0};
  constexpr std::uint64_t most[] = {9999, 12, 31, 23, 59, 59};
  std::uint64_t part[] = {1970, 1, 1, 0, 0, 0};
  in = in.trimmed();
  for (std::size_t i = 0; i < std::size(part) && (i == 0 || !in.empty()); ++i) {
    if (i > 0 && !in.skip(separators[i]) && !(i == 3 && in.skip("T")))
      return in.fail(errc::syntax, "a date as 2015-01-31 is expected");
    const auto number = in.number();
    if (!number || *number < least[i] || *number > most[i])
      return in.fail(errc::number_expected, "a date as 2015-01-31 is expected");
    part[i] = *number;
  }
  const std::chrono::year_month_day day{std::chrono::year{static_cast<int>(part[0])},
                                        std::chrono::month{static_cast<unsigned>(part[1])},
                                        std::chrono::day{static_cast<unsigned>(part[2])}};
  if (!in.empty() || !day.ok() || part[0] < 1970)
    return in.fail(errc::out_of_range, "no such day, or one before 1970");
  const auto days = std::chrono::sys_days{day}.time_since_epoch().count();
  return static_cast<std::uint64_t>(days) * 86'400 + part[3] * 3'600 + part[4] * 60 + part[5];
}

parsed<number_match> read_date_test(number_match made, text_cursor in) {
  const bool below = in.skip("<");
  const bool above = !below && in.skip(">");
  const auto between = in.rest().find("<>");
  const auto first = read_date(text_cursor{in.rest().substr(0, between), in.position()});
  if (!first)
    return unexpected{first.error()};
  made.test.least = made.test.most = *first;
  if (between != std::string_view::npos) {
    const auto last =
        read_date(text_cursor{in.rest().substr(between + 2), in.position() + between + 2});
    if (!last)
      return unexpected{last.error()};
    if (below || above || *last <= *first + 1)
      return in.fail(errc::empty_range, "no date lies between the two");
    made.test.least = *first + 1;
    made.test.most = *last - 1;
  } else if (below) {
    if (*first == 0)
      return in.fail(errc::empty_range, "no date lies before this");
    made.test.least = 0;
    made.test.most = *first - 1;
  } else if (above) {
    made.test.least = *first + 1;
    made.test.most = UINT64_MAX;
  }
  return made;
}

} // namespace

parsed<number_match> parse_number_match(const number_keyword& keyword, text_cursor in) {
  using extra = number_keyword::extra;
  in = in.trimmed();
  number_match made;
  made.field = keyword.name;
  made.protocols = keyword.protocols;
  made.source = keyword.source;
  switch (keyword.also) {
  case extra::none: return compare(made, in, keyword.form);
  case extra::side_first: return read_sided(made, in, keyword.form, false);
  case extra::side_optional: return read_sided(made, in, keyword.form, true);
  case extra::instance_last: return read_instances(made, in, keyword.form);
  case extra::raw_or_norm: return read_uri_length(made, in, keyword.form);
  case extra::key_first: return read_keyed(made, in, keyword.form);
  case extra::date: return read_date_test(made, in);
  case extra::side_only: break;
  }
  const auto found = find_side(in.rest());
  if (!found)
    return in.fail(errc::unknown_value, "toserver, toclient, either or both is expected");
  made.of = *found;
  made.test.least = made.test.most = 1;
  return made;
}

} // namespace cresset::detect::rule::options
