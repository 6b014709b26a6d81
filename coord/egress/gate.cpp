#include "coord/egress/gate.hpp"

#include "coord/stix/markings.hpp"

#include <fmt/format.h>

#include <set>

namespace cresset::coord::egress {

using incident::tlp;

std::string_view to_string(verdict decided) noexcept {
  switch (decided) {
  case verdict::release: return "release";
  case verdict::needs_analyst: return "needs-analyst";
  case verdict::needs_two: return "needs-two";
  case verdict::refused: return "refused";
  }
  return "refused";
}

release_mode gate::mode_of(const incident::rsit& code) const {
  if (const auto exact = policy_.modes.find(code.classification + "/" + code.type);
      exact != policy_.modes.end())
    return exact->second;
  const auto whole_class = policy_.modes.find(code.classification);
  return whole_class == policy_.modes.end() ? policy_.otherwise : whole_class->second;
}

std::optional<std::string> gate::why_not(const incident::incident& asked,
                                         std::string_view partner) const {
  const auto label = stix::written(asked.label);
  const auto terms = policy_.partners.find(partner);
  if (terms == policy_.partners.end())
    return fmt::format("{} is not named in the policy {}, so nothing goes there.", partner,
                       policy_.name);
  if (asked.label >= tlp::red)
    return fmt::format("{} is TLP:RED, which never crosses a link: call {} and give the number.",
                       asked.name, partner);
  if (asked.label > terms->second.highest)
    return fmt::format("{} is {}, above {}, the highest that {} may see.", asked.name, label,
                       stix::written(terms->second.highest), partner);
  const auto& row = policy_.by_label[static_cast<std::size_t>(asked.label)];
  if (!row.all && !row.partners.contains(std::string{partner}))
    return fmt::format("{} is {}, and {} is not among the recipients of that label.", asked.name,
                       label, partner);
  if (!incident::is_known(asked.classified))
    return fmt::format("{} has the class {}/{}, which is not in RSIT 1003: classify it first.",
                       asked.name, asked.classified.classification, asked.classified.type);
  return std::nullopt;
}

answer gate::decide(const incident::incident& asked, std::string_view partner,
                    std::span<const incident::user_id> approvers) const {
  if (const auto reason = why_not(asked, partner))
    return {verdict::refused, *reason};
  const std::set<incident::user_id> people{approvers.begin(), approvers.end()};
  const auto label = stix::written(asked.label);
  const auto code = asked.classified.type.empty()
                        ? asked.classified.classification
                        : asked.classified.classification + "/" + asked.classified.type;
  switch (mode_of(asked.classified)) {
  case release_mode::automatic:
    return {verdict::release,
            fmt::format("Class {} goes to {} by itself at {}.", code, partner, label)};
  case release_mode::analyst:
    if (people.empty())
      return {verdict::needs_analyst,
              fmt::format("Class {} leaves when an analyst releases it.", code)};
    return {verdict::release, fmt::format("An analyst released it to {} at {}.", partner, label)};
  case release_mode::two_persons:
    if (people.empty())
      return {verdict::needs_analyst,
              fmt::format("Class {} leaves when two persons release it.", code)};
    if (people.size() < 2)
      return {verdict::needs_two,
              fmt::format("Class {} needs a second person to release it.", code)};
    return {verdict::release, fmt::format("Two persons released it to {} at {}.", partner, label)};
  }
  return {verdict::refused, "The policy has a release mode this program does not know."};
}

} // namespace cresset::coord::egress
