#pragma once

#include "coord/indicator/indicator_set.hpp"
#include "detect/alert/alert.hpp"

#include <pqxx/pqxx>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace cresset::coord::store {

/// (gid, sid) → the revision that `known_rule` was last told.
using rule_revisions = std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t>;
/// Rules remembered as told; above it the memory begins anew, which costs writes and no more.
inline constexpr std::size_t rules_remembered_limit = 100'000;

/// What a batch of alerts teaches beside its groups: rules that are new here, and indicators that
/// alerts carried. Gathered for one transaction; what it learnt is given to the memory when that
/// was committed.
class alert_knowledge {
public:
  alert_knowledge(const rule_revisions& told,
                  std::shared_ptr<const indicator::indicator_set> watched)
      : told_{told}, watched_{std::move(watched)} {}

  void take(const detect::alert::alert& alert, std::int64_t group, std::int64_t position,
            timestamp received);
  /// `received` as PostgreSQL reads it.
  void write(pqxx::work& t, const std::string& received);

  const rule_revisions& learnt() const noexcept { return learnt_; }

private:
  void learn(const detect::alert::alert& alert);

  const rule_revisions& told_;
  std::shared_ptr<const indicator::indicator_set> watched_;
  rule_revisions learnt_;
  std::vector<const detect::alert::alert*> new_rules_;
  std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> first_hits_; // group, indicator
  std::map<std::int64_t, std::int64_t> hits_;                                // of an indicator
};

} // namespace cresset::coord::store
