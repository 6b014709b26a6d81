#include "coord/clock/deadlines.hpp"

#include <algorithm>

namespace cresset::coord::clock {
namespace {

bool names(const std::vector<std::string>& list, const std::string& word) noexcept {
  return list.empty() || std::ranges::find(list, word) != list.end();
}

} // namespace

bool speaks_of(const regime& law, const clock_subject& what) noexcept {
  return what.severity >= law.severity_from && names(law.sectors, what.sector) &&
         names(law.classes, what.classification);
}

std::vector<deadline> deadlines_of(const deadline_table& table, const clock_subject& what,
                                   const clock_times& times) {
  std::vector<deadline> all;
  for (const auto& law : table.regimes) {
    if (!speaks_of(law, what))
      continue;
    for (const auto& rule : law.deadlines) {
      const auto& begun = times[rule.from];
      if (!begun)
        continue;
      deadline one{law.id, rule.clock, rule.from, *begun + rule.within, {}, times[rule.clock]};
      if (rule.warn.count() > 0)
        one.warn = one.due - rule.warn;
      all.push_back(std::move(one));
    }
  }
  return all;
}

std::string_view to_string(deadline_state state) noexcept {
  static constexpr incident::words<deadline_state, 5> words{
      {"running", "warned", "missed", "met", "late"}};
  return words.word(state);
}

deadline_state state_of(const deadline& one, timestamp at) noexcept {
  if (one.met)
    return *one.met > one.due ? deadline_state::late : deadline_state::met;
  if (at >= one.due)
    return deadline_state::missed;
  return one.warn && at >= *one.warn ? deadline_state::warned : deadline_state::running;
}

} // namespace cresset::coord::clock
