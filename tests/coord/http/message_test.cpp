#include "coord/http/message.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord::http;

namespace {

unsigned refusal(raw_message raw) {
  auto read = request_from(std::move(raw));
  return read ? 0 : read.error().status;
}

} // namespace

BOOST_AUTO_TEST_SUITE(coord_http_message)

BOOST_AUTO_TEST_CASE(a_plain_request_is_taken) {
  const auto r = request_from({"POST", "/a?b=c", 1, {{"host", "x"}, {"Accept", "*/*"}}});
  BOOST_REQUIRE(r);
  BOOST_TEST((r->method == method::post));
  BOOST_TEST(r->segments.size() == 1U);
  BOOST_TEST(r->header_value("accept") == "*/*");
}

BOOST_AUTO_TEST_CASE(http_1_1_needs_exactly_one_host) {
  BOOST_TEST(refusal({"GET", "/", 1, {}}) == 400U);
  BOOST_TEST(refusal({"GET", "/", 1, {{"Host", "a"}, {"HOST", "a"}}}) == 400U);
  BOOST_TEST(refusal({"GET", "/", 0, {}}) == 0U);
}

BOOST_AUTO_TEST_CASE(what_is_too_long_or_malformed_gets_its_4xx) {
  const std::string target = "/" + std::string(target_limit_bytes, 'a');
  BOOST_TEST(refusal({"GET", target, 1, {{"Host", "a"}}}) == 414U);
  BOOST_TEST(refusal({"GET", "/%", 1, {{"Host", "a"}}}) == 400U);
  BOOST_TEST(refusal({"GET", "*", 1, {{"Host", "a"}}}) == 400U);
  BOOST_TEST(refusal({"GET", "/", 1, std::vector<header>(header_limit + 1, {"x", "y"})}) == 431U);
}

BOOST_AUTO_TEST_CASE(an_upgrade_names_websocket_and_the_connection) {
  request r;
  r.method = method::get;
  r.headers = {{"Upgrade", "WebSocket"}, {"Connection", "keep-alive, Upgrade"}};
  BOOST_TEST(asks_for_websocket(r));
  r.headers = {{"Upgrade", "h2c"}, {"Connection", "Upgrade"}};
  BOOST_TEST(!asks_for_websocket(r));
  r.headers = {{"Upgrade", "websocket"}};
  BOOST_TEST(!asks_for_websocket(r));
}

BOOST_AUTO_TEST_CASE(an_origin_is_own_when_it_names_the_host_over_https) {
  request r;
  BOOST_TEST(origin_is_own(r));
  r.headers = {{"Host", "10.0.0.1:8443"}, {"Origin", "https://10.0.0.1:8443"}};
  BOOST_TEST(origin_is_own(r));
  for (const auto* foreign :
       {"https://10.0.0.1", "http://10.0.0.1:8443", "https://10.0.0.1:8443.evil", "null"}) {
    r.headers[1].value = foreign;
    BOOST_TEST(!origin_is_own(r), foreign);
  }
}

BOOST_AUTO_TEST_CASE(every_answer_carries_the_headers_of_safety) {
  const auto all = headers_of(json_response("{}"));
  const auto value = [&](std::string_view name) {
    for (const auto& h : all)
      if (h.name == name)
        return h.value;
    return std::string{};
  };
  BOOST_TEST(value("Content-Security-Policy").starts_with("default-src 'self';"));
  BOOST_TEST(value("X-Content-Type-Options") == "nosniff");
  BOOST_TEST(value("Cache-Control") == "no-store");
  BOOST_TEST(value("Content-Type") == "application/json");
}

BOOST_AUTO_TEST_CASE(an_answer_may_say_how_long_it_keeps) {
  response r = json_response("{}");
  r.headers.push_back({"Cache-Control", "max-age=1"});
  int found = 0;
  for (const auto& h : headers_of(r))
    found += h.name == "Cache-Control" ? 1 : 0;
  BOOST_TEST(found == 1);
}

BOOST_AUTO_TEST_SUITE_END()
