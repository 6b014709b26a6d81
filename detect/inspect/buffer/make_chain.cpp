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

std::string_view unsupported(const rule::match& m) noexcept {
  if (std::holds_alternative<dataset>(m))
    return "dataset";
  if (std::holds_alternative<datarep>(m))
    return "datarep";
  if (std::holds_alternative<rule::options::rpc>(m))
    return "rpc";
  if (std::holds_alternative<rule::options::asn1>(m))
    return "asn1";
  return {};
}

} // namespace

expected<chain, std::string> make_chain(const rule::buffer_section& section) {
  chain made;
  for (const auto& test : section.matches) {
    if (const auto name = unsupported(test); !name.empty())
      return unexpected{fmt::format("{} is not supported yet", name)};
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
    }
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
