#pragma once

#include "capture/base/expected.hpp"
#include "coord/incident/marking.hpp"
#include "coord/signed/digest.hpp"
#include "coord/signed/object.hpp"

#include <array>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace cresset::coord::egress {

/// How an incident of a class may leave.
enum class release_mode { automatic, analyst, two_persons };
std::string_view to_string(release_mode mode) noexcept;

/// Who gets what a TLP label covers: everybody who is named as a partner, or those listed.
struct recipients {
  bool all = false;
  std::set<std::string> partners;
};

/// What one partner may see at most.
struct partner_terms {
  incident::tlp highest = incident::tlp::clear;
};

/// What may leave, as an operator wrote it (appliance/config/policy.yaml). Read once at start; the
/// gate works on it.
struct policy {
  std::string name;
  release_mode otherwise = release_mode::analyst; ///< for classes not listed
  signed_::onward_terms onward = signed_::onward_terms::as_marked;
  std::map<std::string, release_mode, std::less<>> modes; ///< by RSIT "class" or "class/type"
  std::array<recipients, 4> by_label; ///< CLEAR to AMBER+STRICT; RED has no recipients
  std::map<std::string, partner_terms, std::less<>> partners;

  /// SHA-256 of the policy's canonical form: stands in every envelope it released.
  signed_::digest hash() const;
};

/// What is wrong with a policy, in one sentence that names the line.
struct policy_error {
  std::string sentence;
};

inline constexpr std::size_t policy_limit_bytes = 256 * 1024;

/// Reads a policy. Everything it does not know is an error: a misspelt key must not open or close
/// anything silently. `source` is what the sentence calls the text.
expected<policy, policy_error> read_policy(std::string_view yaml, std::string_view source);
expected<policy, policy_error> load_policy(const std::filesystem::path& path);

} // namespace cresset::coord::egress
