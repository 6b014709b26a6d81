#include "coord/server/call_out.hpp"

#include "coord/delivery/curl_library.hpp"
#include "coord/store/alarm/alarm_store.hpp"
#include "tests/coord/store/store_fixture.hpp"
#include "tests/support/one_answer_server.hpp"

#include <mutex>

using namespace cresset;
using namespace cresset::coord;
using namespace std::chrono_literals;

namespace {

struct fixture : tests::store_fixture {
  delivery::curl_library library;
  store::alarm::alarm_store alarms_{pool};
  delivery::mail_sender mail{{}};
  delivery::webhook_sender webhooks{"", ""};
  server::call_out calls{alarms_, mail, webhooks};
  std::mutex mutex;
  std::vector<std::string> heard;
  tests::one_answer_server duty{[this](auto& with) {
    std::size_t length = 0;
    for (auto line = with.line(); !line.empty(); line = with.line())
      if (line.starts_with("Content-Length: "))
        length = std::stoul(line.substr(16));
    const std::lock_guard lock{mutex};
    heard.push_back(with.bytes(length));
    with.say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  }};
  std::vector<alarm::call_out_step> list{
      {0s, {"duty@cirt.example"}, {"http://127.0.0.1:" + std::to_string(duty.port()) + "/"}},
      {15min, {}, {"http://127.0.0.1:" + std::to_string(duty.port()) + "/second"}}};
  timestamp raised = tests::this_moment();

  alarm::alarm_id raise(bool exercise = false) {
    const auto made = alarms_.raise(
        {alarm::alarm_kind::sensor_silent, "ix-1", "ix-1 is silent", {}, exercise}, raised);
    BOOST_REQUIRE(made);
    return made->id;
  }
  std::size_t times_told() {
    const std::lock_guard lock{mutex};
    return heard.size();
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(coord_server_call_out, fixture)

BOOST_AUTO_TEST_CASE(each_step_is_told_once_in_its_time_and_what_failed_is_kept) {
  const auto id = raise();
  BOOST_REQUIRE(calls.make_calls(list, raised));
  BOOST_REQUIRE(calls.make_calls(list, raised + 14min));
  BOOST_TEST(times_told() == 1U);
  BOOST_TEST(heard[0].find(R"("kind":"sensor_silent","subject":"ix-1")") != std::string::npos);
  const auto kept = *alarms_.calls_of(id, 10);
  BOOST_REQUIRE(kept.size() == 2U);
  BOOST_TEST(kept[0].failure == "no relay for mail is configured");
  BOOST_TEST(kept[1].failure.empty());
  BOOST_REQUIRE(calls.make_calls(list, raised + 15min));
  BOOST_TEST(times_told() == 2U);
}

BOOST_AUTO_TEST_CASE(nobody_is_called_about_what_somebody_took_or_an_exercise) {
  BOOST_REQUIRE(alarms_.acknowledge(raise(), analyst, raised));
  BOOST_REQUIRE(calls.make_calls(list, raised + 1h));
  run("UPDATE alarm SET cleared = now()");
  raise(true);
  BOOST_REQUIRE(calls.make_calls(list, raised + 1h));
  BOOST_TEST(times_told() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
