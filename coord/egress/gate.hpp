#pragma once

#include "coord/egress/policy.hpp"
#include "coord/incident/incident.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::coord::egress {

enum class verdict {
  release,       ///< it may leave now
  needs_analyst, ///< when one analyst approves this version
  needs_two,     ///< when a second person approves this version as well
  refused,       ///< not to this partner, whoever approves
};
std::string_view to_string(verdict decided) noexcept;

/// What the gate says, and why in one sentence that a person can act on.
struct answer {
  verdict decided = verdict::refused;
  std::string sentence;
};

/// Decides what may leave, by the policy and nothing else. Fails closed: what it does not know is
/// refused. Immutable; any thread.
class gate {
public:
  explicit gate(policy compiled) : policy_{std::move(compiled)} {}

  /// Whether this version of the incident may go to `partner` (its short name). `approvers` are the
  /// people who approved this very version; one person counts once.
  answer decide(const incident::incident& asked, std::string_view partner,
                std::span<const incident::user_id> approvers) const;

  const policy& rules() const noexcept { return policy_; }

private:
  std::optional<std::string> why_not(const incident::incident& asked,
                                     std::string_view partner) const;
  release_mode mode_of(const incident::rsit& code) const;

  policy policy_;
};

} // namespace cresset::coord::egress
