// Any text as a file of rules and as a threshold.config: nothing may crash, and what is taken must hold what the tree
// promises to those who compile it.

#include "detect/rule/ruleset.hpp"
#include "detect/rule/threshold_config.hpp"

#include <cassert>
#include <cstdint>

namespace {

using namespace cresset::detect::rule;

variables some_variables() {
  variables made;
  made.define_addresses("HOME_NET", "[10.0.0.0/8,2001:db8::/32]");
  made.define_addresses("EXTERNAL_NET", "!$HOME_NET");
  made.define_ports("HTTP_PORTS", "[80,8080:8090]");
  return made;
}

void check(const rule& made) {
  assert(made.sid != 0 && made.header.source && made.header.destination_port);
  assert(!made.header.source->is_empty() && !made.header.destination_port->is_empty());
  for (const auto& section : made.sections) {
    assert(section.keyword != nullptr && !section.matches.empty());
    for (const auto& test : section.matches)
      if (const auto* found = std::get_if<payload::content>(&test)) {
        assert(!found->pattern.empty());
        assert(found->part_offset + found->part_length <= found->pattern.size());
        for (const auto& place : {found->offset, found->depth, found->distance, found->within})
          assert(!place || place->slot < static_cast<int>(made.byte_variables.size()));
      }
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  parser reading{some_variables()};
  ruleset rules{reading};
  rules.load_text(text, "fuzz");
  for (const auto& made : rules.rules())
    check(*made);
  auto names = some_variables();
  parse_threshold_config(text, names);
  return 0;
}
