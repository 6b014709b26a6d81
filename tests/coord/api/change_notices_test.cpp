#include "coord/api/change_notices.hpp"

#include "coord/store/change_feed.hpp"
#include "tests/coord/api/api_fixture.hpp"

using namespace cresset;
using namespace cresset::coord;

BOOST_FIXTURE_TEST_SUITE(coord_api_change_notices, tests::api_fixture)

BOOST_AUTO_TEST_CASE(a_page_is_told_of_new_alerts_with_the_group_as_it_is) {
  store::change_feed feed{url};
  const api::change_notices notices{feed, groups, pushes};
  // The feed's first look may come after the first alerts; those behind it are told for sure.
  const std::string wanted = R"({"type":"groups","groups":[{)";
  for (std::uint32_t attacker = 1; attacker < 100 && page->all().empty(); ++attacker) {
    send({alert_from(attacker)});
    page->was_told(wanted, std::chrono::milliseconds{300});
  }
  BOOST_TEST(page->was_told(wanted));
  BOOST_TEST(page->all().find(R"("message":"TEST rule 7")") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(pages_are_told_of_what_an_incidents_journal_says) {
  const auto who = analyst();
  send({alert_from(1)});
  const auto queue = json(get("/api/v1/groups", who)).at("groups").as_array();
  const auto& group = queue.at(0);
  const auto path = "/api/v1/groups/" + std::to_string(group.at("id").as_int64()) + "/decisions";
  const auto made = post(path,
                         R"({"kind":"raise","title":"x","severity":1,"seen":)" +
                             std::to_string(group.at("last_alert").as_int64()) + "}",
                         who);
  const auto id = std::to_string(json(made).at("decision").at("incident").as_int64());
  store::change_feed feed{url};
  const auto listener = std::make_shared<tests::listening_page>();
  pushes.join(listener, 2);
  const api::change_notices notices{feed, groups, pushes};
  // Written to the store past the API, as another server does.
  const std::string wanted = R"({"type":"incidents","incidents":[)" + id + "]}";
  for (int i = 0; i < 100 && listener->all().empty(); ++i) {
    BOOST_REQUIRE(incidents.note({std::stoll(id)}, "note", {who.account}));
    listener->was_told(wanted, std::chrono::milliseconds{300});
  }
  BOOST_TEST(listener->was_told(wanted));
}

BOOST_AUTO_TEST_CASE(notices_are_the_texts_a_page_understands) {
  BOOST_TEST(api::incidents_notice({{3}, {4}}) == R"({"type":"incidents","incidents":[3,4]})");
  BOOST_TEST(api::reload_notice() == R"({"type":"reload"})");
  BOOST_TEST(api::groups_notice({}) == R"({"type":"groups","groups":[]})");
}

BOOST_AUTO_TEST_SUITE_END()
