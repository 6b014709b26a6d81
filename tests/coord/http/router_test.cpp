#include "coord/http/router.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

using namespace cresset::coord::http;

namespace {

handler says(std::string text) {
  return [text = std::move(text)](const request& r) {
    return json_response(text + std::string{r.parameter("id")});
  };
}

request asked(method m, std::string_view target) {
  request r;
  r.method = m;
  BOOST_REQUIRE(read_target(target, r));
  r.headers = {{"Host", "here"}};
  return r;
}

request asked_by(right_set rights, method m, std::string_view target) {
  auto r = asked(m, target);
  r.who = identity{"ann", 7, rights, 1, "token"};
  r.headers.push_back({"X-CSRF-Token", "token"});
  return r;
}

router sample() {
  router all;
  all.add(method::get, "/things", access_level::anyone, says("list"));
  all.add(method::get, "/things/{id}", access_level::reader, says("one "));
  all.add(method::post, "/things/{id}/moves", access_level::writer, says("moved "));
  all.add(method::remove, "/things/{id}", access_level::administrator, says("gone "));
  return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(coord_http_router)

BOOST_AUTO_TEST_CASE(a_route_is_found_with_its_parameters) {
  auto r = asked_by({right::reader}, method::get, "/things/a%2Fb");
  BOOST_TEST(sample().handle(r).body == "one a/b");
}

BOOST_AUTO_TEST_CASE(head_is_answered_by_get) {
  auto r = asked(method::head, "/things");
  BOOST_TEST(sample().handle(r).status == 200U);
}

BOOST_AUTO_TEST_CASE(an_unknown_path_is_404_and_a_wrong_method_405_with_what_it_answers) {
  auto nowhere = asked(method::get, "/nowhere");
  BOOST_TEST(sample().handle(nowhere).status == 404U);
  auto longer = asked(method::get, "/things/1/2/3");
  BOOST_TEST(sample().handle(longer).status == 404U);
  auto wrong = asked(method::put, "/things/1");
  const auto answer = sample().handle(wrong);
  BOOST_TEST(answer.status == 405U);
  BOOST_REQUIRE(answer.headers.size() == 1U);
  BOOST_TEST(answer.headers[0].value == "GET, DELETE");
}

BOOST_AUTO_TEST_CASE(nobody_passes_without_signing_in_or_without_the_rights) {
  auto nobody = asked(method::get, "/things/1");
  BOOST_TEST(sample().handle(nobody).status == 401U);
  auto reader = asked_by({right::reader}, method::post, "/things/1/moves");
  BOOST_TEST(sample().handle(reader).status == 403U);
  auto writer = asked_by({right::reader, right::writer}, method::post, "/things/1/moves");
  BOOST_TEST(sample().handle(writer).status == 200U);
  auto still_not = asked_by({right::writer, right::lead}, method::remove, "/things/1");
  BOOST_TEST(sample().handle(still_not).status == 403U);
  auto auditor = asked_by({right::auditor}, method::get, "/things/1");
  BOOST_TEST(sample().handle(auditor).status == 200U);
  auto auditor_who_moves = asked_by({right::auditor}, method::post, "/things/1/moves");
  BOOST_TEST(sample().handle(auditor_who_moves).status == 403U);
}

BOOST_AUTO_TEST_CASE(a_change_needs_the_token_of_the_session) {
  auto r = asked_by({right::writer}, method::post, "/things/1/moves");
  BOOST_TEST(sample().handle(r).status == 200U);
  for (const auto* wrong : {"", "toke", "tokem", "token "}) {
    r.headers.back().value = wrong;
    BOOST_TEST(sample().handle(r).status == 403U, wrong);
  }
}

BOOST_AUTO_TEST_CASE(a_token_and_a_certificate_need_no_csrf_token_but_their_own_origin) {
  for (const auto how : {shown_by::token, shown_by::certificate}) {
    auto r = asked_by({right::writer}, method::post, "/things/1/moves");
    r.who->how = how;
    r.headers.pop_back();
    BOOST_TEST(sample().handle(r).status == 200U);
    r.headers.push_back({"Origin", "https://elsewhere"});
    BOOST_TEST(sample().handle(r).status == 403U);
  }
}

BOOST_AUTO_TEST_CASE(a_change_asked_for_by_another_site_is_refused) {
  auto r = asked_by({right::writer}, method::post, "/things/1/moves");
  r.headers.push_back({"Origin", "https://elsewhere"});
  BOOST_TEST(sample().handle(r).status == 403U);
  r.headers.back().value = "https://here";
  BOOST_TEST(sample().handle(r).status == 200U);
}

BOOST_AUTO_TEST_CASE(a_form_is_taken_where_the_route_says_so_and_json_is_not) {
  router all;
  all.add_form("/answers/{id}", says("answered "));
  auto r = asked(method::post, "/answers/7");
  r.body = "answer=fixed";
  BOOST_TEST(all.handle(r).status == 415U);
  r.headers.push_back({"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"});
  BOOST_TEST(all.handle(r).body == "answered 7");
  r.headers.back().value = "application/json";
  BOOST_TEST(all.handle(r).status == 415U);
  r.headers.push_back({"Origin", "https://elsewhere"});
  BOOST_TEST(all.handle(r).status == 403U);
}

BOOST_AUTO_TEST_CASE(a_body_has_to_be_json) {
  auto r = asked_by({right::writer}, method::post, "/things/1/moves");
  r.body = "{}";
  BOOST_TEST(sample().handle(r).status == 415U);
  r.headers.push_back({"Content-Type", "text/plain"});
  BOOST_TEST(sample().handle(r).status == 415U);
  r.headers.back().value = "application/json; charset=utf-8";
  BOOST_TEST(sample().handle(r).status == 200U);
}

BOOST_AUTO_TEST_CASE(a_handler_that_throws_is_500_and_counted) {
  router all;
  all.add(method::get, "/x", access_level::anyone,
          [](const request&) -> response { throw std::logic_error{"our mistake"}; });
  auto r = asked(method::get, "/x");
  const auto answer = all.handle(r);
  BOOST_TEST(answer.status == 500U);
  BOOST_TEST(answer.body.find("our mistake") == std::string::npos);
  BOOST_TEST(all.failures() == 1U);
}

BOOST_AUTO_TEST_CASE(a_held_call_is_kept_and_carried_out_when_somebody_approved_it) {
  auto all = sample();
  std::string kept;
  all.hold("POST /things/{id}/moves", [&](const request& r, const route& of) {
    kept = of.act() + " " + r.target;
    return problem(409, "wait");
  });
  auto r = asked_by({right::writer}, method::post, "/things/1/moves");
  BOOST_TEST(all.handle(r).status == 409U);
  BOOST_TEST(kept == "POST /things/{id}/moves /things/1/moves");
  auto reader = asked_by({right::reader}, method::post, "/things/1/moves");
  BOOST_TEST(all.handle(reader).status == 403U);
  BOOST_TEST(all.carry_out(r).status == 404U); // nobody approved
  r.approved_by = "bob";
  BOOST_TEST(all.carry_out(r).body == "moved 1");
  reader.approved_by = "bob";
  BOOST_TEST(all.carry_out(reader).status == 403U);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_held_is_found_at_start) {
  auto all = sample();
  all.add(method::put, "/own", right::member, says(""));
  for (const auto* act : {"POST /nowhere", "GET /things/{id}", "PUT /own", "", "post /things/{id}/moves"})
    BOOST_CHECK_THROW(all.hold(act, [](const request&, const route&) { return no_content(); }),
                      std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_call_that_the_rights_forbid_is_told) {
  auto all = sample();
  int told = 0;
  all.on_forbidden([&](const request& r, const route& of) {
    BOOST_TEST(r.who->name == "ann");
    BOOST_TEST((of.needs == right::administrator));
    ++told;
  });
  auto r = asked_by({right::reader}, method::remove, "/things/1");
  BOOST_TEST(all.handle(r).status == 403U);
  auto nobody = asked(method::remove, "/things/1");
  BOOST_TEST(all.handle(nobody).status == 401U);
  BOOST_TEST(told == 1);
}

BOOST_AUTO_TEST_CASE(a_malformed_or_doubled_pattern_is_found_at_start) {
  router all;
  all.add(method::get, "/x", access_level::anyone, says(""));
  BOOST_CHECK_THROW(all.add(method::get, "/x", access_level::anyone, says("")),
                    std::invalid_argument);
  BOOST_CHECK_THROW(all.add(method::get, "x", access_level::anyone, says("")),
                    std::invalid_argument);
  BOOST_CHECK_THROW(all.add(method::head, "/y", access_level::anyone, says("")),
                    std::invalid_argument);
  BOOST_CHECK_THROW(all.add(method::get, "/y", access_level::anyone, nullptr),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
