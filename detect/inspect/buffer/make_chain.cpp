#include "detect/inspect/buffer/chain.hpp"

#include <fmt/format.h>

namespace cresset::detect::inspect::buffer {
namespace {

using namespace rule::payload;

bool is_relative(const rule::match& m) noexcept {
  return std::visit(
      [](const auto& test) {
        if constexpr (requires { test.is_relative(); })
          return test.is_relative();
        else if constexpr (requires { test.relative; })
          return static_cast<bool>(test.relative);
        else if constexpr (requires { test.relative_offset; })
          return test.relative_offset.has_value();
        else
          return false;
      },
      m);
}

/// A test that leaves the position as it found it, so that what follows depends on the test before
/// it.
bool keeps_position(const rule::match& m) noexcept {
  if (const auto* c = std::get_if<content>(&m))
    return c->negated;
  if (const auto* p = std::get_if<pcre>(&m))
    return p->negated;
  return !std::holds_alternative<byte_jump>(m);
}

/// Groups that the rule names behind the expression, by their order, or in it: `(?P<flow_name>…)`,
/// `pkt_` and `alert_` alike.
std::vector<step::capture> captures_of(const pcre& p, const pattern::regex& compiled) {
  std::vector<step::capture> captures;
  for (unsigned n = 0; n < p.captures.size(); ++n)
    captures.push_back({n + 1, p.captures[n].where, p.captures[n].name});
  constexpr std::pair<std::string_view, pcre::scope> prefixes[] = {
      {"flow_", pcre::scope::flow}, {"pkt_", pcre::scope::packet}, {"alert_", pcre::scope::alert}};
  for (const auto& [name, group] : compiled.names())
    for (const auto& [prefix, where] : prefixes)
      if (name.size() > prefix.size() && name.starts_with(prefix))
        captures.push_back({group, where, name.substr(prefix.size())});
  return captures;
}

/// What the test takes along when its rule has matched.
bool harvests(const step& s) noexcept {
  if (const auto* set = std::get_if<dataset>(s.test))
    return set->what == dataset::action::set || set->what == dataset::action::unset ||
           !set->context_key.empty();
  return !s.captures.empty() || std::holds_alternative<entropy>(*s.test);
}

} // namespace

expected<chain, std::string> make_chain(const rule::buffer_section& section, lists::library& lists,
                                        const std::filesystem::path& folder) {
  chain made;
  for (const auto& test : section.matches) {
    step now;
    now.test = &test;
    if (const auto* c = std::get_if<content>(&test))
      now.needle = needle{c->pattern, c->nocase};
    if (const auto* p = std::get_if<pcre>(&test)) {
      auto compiled = pattern::regex::compile(p->pattern, {.caseless = p->caseless,
                                                           .multiline = p->multiline,
                                                           .dot_all = p->dot_all,
                                                           .extended = p->extended,
                                                           .anchored = p->anchored,
                                                           .dollar_end_only = p->dollar_end_only,
                                                           .ungreedy = p->ungreedy});
      if (!compiled)
        return unexpected{fmt::format("pcre does not compile: {}", compiled.error().reason)};
      now.regex = std::make_shared<const pattern::regex>(*std::move(compiled));
      now.captures = captures_of(*p, *now.regex);
    }
    const auto open = [&](const auto* named) -> std::string {
      if (named == nullptr)
        return {};
      auto opened = lists.open(*named, folder);
      if (!opened)
        return opened.error();
      now.set = *std::move(opened);
      return {};
    };
    for (const auto& wrong : {open(std::get_if<dataset>(&test)), open(std::get_if<datarep>(&test))})
      if (!wrong.empty())
        return unexpected{wrong};
    if (const auto* named = std::get_if<dataset>(&test);
        named && (named->what == dataset::action::set || named->what == dataset::action::unset))
      now.set->note_changed_by_rules();
    made.harvests = made.harvests || harvests(now);
    made.steps.push_back(std::move(now));
  }
  if (!section.matches.empty())
    if (const auto* a = std::get_if<absent>(&section.matches.front())) {
      made.is_absent_test = true;
      made.absent_or_else = a->or_else;
    }
  bool depends = false; // whether what follows depends on the position
  for (auto step = made.steps.rbegin(); step != made.steps.rend(); ++step) {
    step->place_matters = depends;
    depends = is_relative(*step->test) || (depends && keeps_position(*step->test));
  }
  return made;
}

} // namespace cresset::detect::inspect::buffer
