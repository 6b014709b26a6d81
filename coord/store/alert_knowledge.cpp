#include "coord/store/alert_knowledge.hpp"

#include "coord/incident/rule_facts.hpp"
#include "coord/store/sql_text.hpp"

namespace cresset::coord::store {
namespace {

std::string list_of(const std::vector<std::string>& values) {
  array_text list;
  for (const auto& value : values)
    list.add(std::string_view{value});
  return list.str();
}

} // namespace

void alert_knowledge::take(const detect::alert::alert& alert, std::int64_t group,
                           std::int64_t position, timestamp received) {
  learn(alert);
  if (!watched_ || watched_->size() == 0)
    return;
  const auto carried = indicator::observables_of(alert, watched_->wants_application());
  for (const auto hit : watched_->hits(carried, received)) {
    first_hits_.try_emplace({group, hit.value}, position);
    ++hits_[hit.value];
  }
}

void alert_knowledge::learn(const detect::alert::alert& alert) {
  const std::pair rule{alert.gid, alert.sid};
  if (const auto known = told_.find(rule); known != told_.end() && known->second == alert.rev)
    return;
  const auto [at, is_new] = learnt_.try_emplace(rule, alert.rev);
  if (!is_new && at->second == alert.rev)
    return;
  at->second = alert.rev;
  new_rules_.push_back(&alert);
}

void alert_knowledge::write(pqxx::work& t, const std::string& received) {
  for (const auto* alert : new_rules_)
    t.exec_params("INSERT INTO known_rule (gid, sid, revision, message, classtype, category, "
                  "techniques, cves, learnt) VALUES ($1, $2, $3, $4, $5, $6, $7::text[], "
                  "$8::text[], $9) ON CONFLICT (sid, gid) DO UPDATE SET revision = "
                  "excluded.revision, message = excluded.message, classtype = excluded.classtype, "
                  "category = excluded.category, techniques = excluded.techniques, cves = "
                  "excluded.cves, learnt = excluded.learnt",
                  std::int64_t{alert->gid}, std::int64_t{alert->sid}, std::int64_t{alert->rev},
                  alert->msg, alert->classtype, alert->category,
                  list_of(incident::techniques_of(*alert)), list_of(incident::cves_of(*alert)),
                  received);
  if (first_hits_.empty())
    return;
  array_text group;
  array_text carried;
  array_text position;
  for (const auto& [key, first] : first_hits_) {
    group.add(key.first);
    carried.add(key.second);
    position.add(first);
  }
  t.exec_params("INSERT INTO group_indicator (group_id, indicator, position) SELECT u.g, u.i, u.p "
                "FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS u(g, i, p) ON CONFLICT "
                "DO NOTHING",
                group.str(), carried.str(), position.str());
  array_text indicator;
  array_text hits;
  for (const auto& [id, count] : hits_) {
    indicator.add(id);
    hits.add(count);
  }
  t.exec_params("UPDATE indicator i SET hits = i.hits + u.n, last_hit = $3 FROM (SELECT * FROM "
                "unnest($1::bigint[], $2::bigint[]) AS x(id, n)) u WHERE i.id = u.id",
                indicator.str(), hits.str(), received);
}

} // namespace cresset::coord::store
