#include "coord/http/request.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord::http;

BOOST_AUTO_TEST_SUITE(coord_http_request)

BOOST_AUTO_TEST_CASE(a_target_is_split_and_decoded) {
  request r;
  BOOST_REQUIRE(read_target("/api/v1/groups/a%20b%2Fc?after=x%3D&flag&q=1+2", r));
  BOOST_TEST(r.segments == (std::vector<std::string>{"api", "v1", "groups", "a b/c"}),
             boost::test_tools::per_element());
  BOOST_REQUIRE(r.query.size() == 3);
  BOOST_TEST(r.query[0].first == "after");
  BOOST_TEST(r.query[0].second == "x=");
  BOOST_TEST(r.query[1].first == "flag");
  BOOST_TEST(r.query[1].second == "");
  BOOST_TEST(r.query[2].second == "1 2");
  BOOST_TEST(r.path() == "/api/v1/groups/a b/c");
}

BOOST_AUTO_TEST_CASE(the_root_has_no_segments_and_a_closing_slash_is_one_more) {
  request r;
  BOOST_REQUIRE(read_target("/", r));
  BOOST_TEST(r.segments.empty());
  BOOST_TEST(r.path() == "/");
  BOOST_REQUIRE(read_target("/a/", r));
  BOOST_TEST(r.segments.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_target_that_nobody_means_is_refused) {
  for (const std::string_view bad :
       {"", "a", "http://host/a", "*", "/a%2", "/a%zz", "/a%00", "/%0a", "/../etc", "/a/%2e%2e/b",
        "/.", "/a#b", "/%ff", "/%c0%80", "/%ed%a0%80", "/%f5%80%80%80", "/a?x=%", "/a?x=%1f"}) {
    BOOST_TEST_CONTEXT(bad) {
      request r;
      BOOST_TEST(!read_target(bad, r));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_target_beyond_its_limits_is_refused) {
  request r;
  BOOST_TEST(!read_target("/" + std::string(target_limit_bytes, 'a'), r));
  std::string deep;
  for (std::size_t i = 0; i <= segment_limit; ++i)
    deep += "/a";
  BOOST_TEST(!read_target(deep, r));
  std::string wide = "/?";
  for (std::size_t i = 0; i <= query_limit; ++i)
    wide += "a=1&";
  BOOST_TEST(!read_target(wide, r));
}

BOOST_AUTO_TEST_CASE(utf8_is_decoded) {
  request r;
  BOOST_REQUIRE(read_target("/%D0%B6/%E2%82%AC/%F0%9F%94%A5", r));
  BOOST_TEST(r.segments[0] == "ж");
  BOOST_TEST(r.segments[2] == "🔥");
}

BOOST_AUTO_TEST_CASE(a_header_is_found_in_any_case) {
  request r;
  r.headers = {{"Content-Type", "application/json"}};
  BOOST_TEST(r.header_value("content-TYPE") == "application/json");
  BOOST_TEST(r.header_value("content") == "");
}

BOOST_AUTO_TEST_CASE(a_cookie_is_found_among_others) {
  request r;
  r.headers = {{"Cookie", "a=1; b=2;c=3"}, {"cookie", "d=x=y"}};
  BOOST_TEST(r.cookie("b").value() == "2");
  BOOST_TEST(r.cookie("c").value() == "3");
  BOOST_TEST(r.cookie("d").value() == "x=y");
  BOOST_TEST(!r.cookie("e"));
}

BOOST_AUTO_TEST_CASE(a_cookie_sent_twice_with_two_values_is_none) {
  request r;
  r.headers = {{"Cookie", "a=1; a=2"}};
  BOOST_TEST(!r.cookie("a"));
  r.headers = {{"Cookie", "a=1; a=1"}};
  BOOST_TEST(r.cookie("a").value() == "1");
}

BOOST_AUTO_TEST_CASE(a_bearer_token_is_read_once_or_is_none) {
  request r;
  BOOST_TEST(!r.bearer_token());
  r.headers = {{"authorization", "bearer  abc "}};
  BOOST_TEST(r.bearer_token().value() == "abc");
  for (const auto* wrong : {"", "Bearer", "Bearer ", "Basic abc", "abc"}) {
    r.headers = {{"Authorization", wrong}};
    BOOST_REQUIRE(r.bearer_token());
    BOOST_TEST(r.bearer_token()->empty(), wrong);
  }
  r.headers = {{"Authorization", "Bearer a"}, {"Authorization", "Bearer a"}};
  BOOST_TEST(r.bearer_token()->empty());
}

BOOST_AUTO_TEST_CASE(words_of_methods_read_back) {
  for (const auto m :
       {method::get, method::head, method::post, method::put, method::patch, method::remove})
    BOOST_TEST((method_from(to_string(m)) == m));
  BOOST_TEST((method_from("get") == method::other));
  BOOST_TEST((method_from("BREW") == method::other));
  BOOST_TEST(changes_something(method::remove));
  BOOST_TEST(!changes_something(method::head));
}

BOOST_AUTO_TEST_SUITE_END()
