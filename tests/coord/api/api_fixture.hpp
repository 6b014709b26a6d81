#pragma once

#include "coord/api/account_store.hpp"
#include "coord/api/routes.hpp"
#include "coord/store/group_store.hpp"
#include "coord/store/incident_store.hpp"
#include "coord/store/user_store.hpp"
#include "tests/coord/store/store_fixture.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <condition_variable>
#include <mutex>

namespace cresset::tests {

/// Two partners, of whom one may see the incident; what a case released.
class two_partners : public coord::api::partner_board {
public:
  coord::incident::result<std::vector<coord::api::partner_status>> partners() override {
    coord::api::partner_status up;
    up.identity = "identity--1";
    up.name = "west";
    up.link = "up";
    return std::vector{up};
  }
  coord::incident::result<std::vector<coord::api::release_verdict>>
  weigh_release(coord::incident::incident_id) override {
    return std::vector<coord::api::release_verdict>{
        {"west", true, {"nothing is cut"}},
        {"east", false, {"TLP amber is above green, the most this partner sees"}}};
  }
  coord::incident::result<coord::api::release_verdict> release(coord::incident::incident_id id,
                                                               std::int64_t,
                                                               const std::string& partner,
                                                               const std::string& by) override {
    using coord::incident::store_errc;
    if (partner == "east")
      return unexpected{
          coord::incident::store_error{store_errc::refused, "TLP amber is above green"}};
    if (partner != "west")
      return unexpected{
          coord::incident::store_error{store_errc::not_found, "no partner of that name"}};
    released.push_back(by + " " + std::to_string(id.value));
    return coord::api::release_verdict{"west", true, {}};
  }
  std::vector<std::string> released;
};

class one_sensor : public coord::api::sensor_board {
public:
  coord::incident::result<coord::api::sensor_overview> sensors() override {
    coord::api::sensor_overview all;
    coord::api::sensor_status one;
    one.name = "ix-1";
    one.connected = true;
    one.last_heard = this_moment();
    one.stored = 10;
    one.refused = 1;
    one.dropped = 2;
    all.sensors.push_back(std::move(one));
    all.strangers.push_back({"key", "192.0.2.9", 3});
    return all;
  }
};

/// A page that listens; keeps what it is told.
class listening_page : public coord::http::push_client {
public:
  bool offer(std::shared_ptr<const std::string> notice) override {
    {
      const std::lock_guard lock{mutex_};
      told_ += *notice + "\n";
    }
    more_.notify_all();
    return true;
  }
  void close(std::string_view) override {}

  std::string all() {
    const std::lock_guard lock{mutex_};
    return told_;
  }
  /// Waits until it was told something with `part` in it; false when that does not come in time.
  bool was_told(const std::string& part,
                std::chrono::milliseconds limit = std::chrono::seconds{10}) {
    std::unique_lock lock{mutex_};
    return more_.wait_for(lock, limit, [&] { return told_.find(part) != std::string::npos; });
  }

private:
  std::mutex mutex_;
  std::condition_variable more_;
  std::string told_;
};

/// The whole API on a real database, asked without a socket.
struct api_fixture : store_fixture {
  coord::store::group_store groups{pool};
  coord::store::incident_store incidents{pool};
  coord::store::user_store users{pool};
  coord::api::account_store accounts{users};
  coord::http::login sessions{accounts};
  coord::http::push_hub pushes;
  one_sensor sensors;
  two_partners partners;
  std::string not_ready;
  coord::http::router router;
  std::shared_ptr<listening_page> page = std::make_shared<listening_page>();
  std::string cookie; // of requests from here on

  api_fixture() {
    coord::api::install(router,
                        {groups, incidents, users, sensors, partners, sessions, pushes,
                         [this] { return not_ready; },
                         [] {
                           return std::vector<coord::api::metric>{
                               {"cresset_alerts_total", "Alerts", "counter", 7, "sensor=\"ix-1\""}};
                         }});
    pushes.join(page, 1);
  }

  /// An account, and who it is once signed in.
  coord::http::identity account(const std::string& login, coord::incident::user_role role) {
    coord::incident::user user;
    user.login = login;
    user.role = role;
    user.password_hash = "$argon2id$none";
    const auto id = users.add(user, "test");
    BOOST_REQUIRE_MESSAGE(id, (id ? "" : id.error().text));
    return {login, id->value, coord::api::rights_of(role), 1, "token", coord::http::shown_by::session};
  }
  coord::http::identity analyst() { return account("ann", coord::incident::user_role::analyst); }

  coord::http::response ask(coord::http::method method, const std::string& target,
                            const std::string& body = "",
                            std::optional<coord::http::identity> who = std::nullopt) {
    coord::http::request r;
    r.method = method;
    BOOST_REQUIRE_MESSAGE(coord::http::read_target(target, r), target);
    r.headers = {{"Host", "here"},
                 {"Content-Type", "application/json"},
                 {"X-CSRF-Token", "token"},
                 {"Cookie", cookie}};
    r.body = body;
    r.peer = "192.0.2.77";
    r.who = std::move(who);
    return router.handle(r);
  }
  coord::http::response get(const std::string& target, const coord::http::identity& who) {
    return ask(coord::http::method::get, target, "", who);
  }
  coord::http::response post(const std::string& target, const std::string& body,
                             const coord::http::identity& who) {
    return ask(coord::http::method::post, target, body, who);
  }
  static boost::json::object json(const coord::http::response& answer) {
    return boost::json::parse(answer.body).as_object();
  }
};

} // namespace cresset::tests
