#include "coord/store/change_feed.hpp"

#include "coord/store/change_rows.hpp"
#include "coord/store/connection_pool.hpp"
#include "coord/store/sql_text.hpp"

#include <algorithm>

namespace cresset::coord::store {
using namespace incident;
namespace {

constexpr int changes_limit = 10'000;

class doorbell final : public pqxx::notification_receiver {
public:
  explicit doorbell(pqxx::connection& on) : pqxx::notification_receiver{on, "cresset"} {}
  void operator()(const std::string&, int) override {}
};

feed_heads read_heads(pqxx::connection& connection) {
  pqxx::work t{connection};
  feed_heads heads;
  for (const auto& row : t.exec("SELECT name, last FROM stream_head")) {
    const std::string_view name = row[0].c_str();
    const auto last = row[1].as<std::int64_t>();
    if (name == "alert")
      heads.alert = {last};
    else if (name == "group_change")
      heads.group_change = {last};
    else if (name == "journal")
      heads.journal = last;
  }
  t.commit();
  return heads;
}

bool is_newer(const feed_heads& now, const feed_heads& seen) {
  return now.alert > seen.alert || now.group_change > seen.group_change ||
         now.journal > seen.journal;
}

} // namespace

struct change_feed::state {
  explicit state(const std::string& url) : connection{url}, bell{connection} {}
  pqxx::connection connection;
  doorbell bell;
};

change_feed::change_feed(std::string url) : url_{std::move(url)} {}
change_feed::~change_feed() = default;

/// Connects when need be; a failure drops the connection, so that the next call makes a new one.
template <typename Work>
auto change_feed::guarded(Work&& work) -> decltype(work(std::declval<state&>())) {
  try {
    if (!state_)
      state_ = std::make_unique<state>(url_);
    return work(*state_);
  } catch (...) {
    auto why = describe(std::current_exception());
    state_.reset();
    return unexpected{std::move(why)};
  }
}

result<feed_heads> change_feed::wait(const feed_heads& seen, std::chrono::milliseconds limit) {
  return guarded([&](state& s) -> result<feed_heads> {
    auto heads = read_heads(s.connection);
    if (is_newer(heads, seen) || limit <= std::chrono::milliseconds{0})
      return heads;
    s.connection.await_notification(limit.count() / 1000, (limit.count() % 1000) * 1000);
    return read_heads(s.connection);
  });
}

result<std::vector<group_change>> change_feed::changes(change_position after, int limit) {
  return guarded([&](state& s) -> result<std::vector<group_change>> {
    pqxx::work t{s.connection};
    return read_changes(t, after.value, std::clamp(limit, 1, changes_limit));
  });
}

result<change_feed::touched_incidents> change_feed::incidents_touched(std::int64_t after,
                                                                      int limit) {
  return guarded([&](state& s) -> result<touched_incidents> {
    pqxx::work t{s.connection};
    touched_incidents touched;
    touched.up_to = after;
    const auto rows = t.exec_params(
        "SELECT sequence, incident FROM journal WHERE sequence > $1 ORDER BY sequence LIMIT $2",
        after, std::clamp(limit, 1, changes_limit));
    for (const auto& row : rows) {
      touched.up_to = row[0].as<std::int64_t>();
      const incident_id id{row[1].as<std::int64_t>()};
      if (id && std::ranges::find(touched.incidents, id) == touched.incidents.end())
        touched.incidents.push_back(id);
    }
    return touched;
  });
}

} // namespace cresset::coord::store
