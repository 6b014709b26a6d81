#include "coord/indicator/indicator.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord::indicator;

namespace {

std::string form(indicator_kind kind, std::string_view value) {
  const auto made = normalised(kind, value);
  return made ? *made : "no: " + made.error();
}

} // namespace

BOOST_AUTO_TEST_SUITE(coord_indicator_indicator)

BOOST_AUTO_TEST_CASE(each_kind_has_one_form) {
  using enum indicator_kind;
  BOOST_TEST(form(address, "198.51.100.7") == "198.51.100.7");
  BOOST_TEST(form(address, "198.51.100.7/24") == "198.51.100.0/24");
  BOOST_TEST(form(address, "198.51.100.7/32") == "198.51.100.7");
  BOOST_TEST(form(address, "2001:db8::1/48") == "2001:0db8:0000:0000:0000:0000:0000:0000/48");
  BOOST_TEST(form(domain, "*.Evil.Example.") == "evil.example");
  BOOST_TEST(form(url, "HTTP://Evil.Example:80/A?b#c") == "http://evil.example/A?b");
  BOOST_TEST(form(url, "https://evil.example?x") == "https://evil.example/?x");
  BOOST_TEST(form(hash, "D4:1D:8C:D9:8F:00:B2:04:E9:80:09:98:EC:F8:42:7E") ==
             "d41d8cd98f00b204e9800998ecf8427e");
}

BOOST_AUTO_TEST_CASE(what_would_match_far_too_much_is_refused) {
  using enum indicator_kind;
  for (const auto* const broad : {"10.0.0.0/15", "0.0.0.0/0", "2001:db8::/31"})
    BOOST_TEST(form(address, broad).starts_with("no: is too broad"), broad);
  BOOST_TEST(form(domain, "com").find("top-level") != std::string::npos);
  BOOST_TEST(form(url, "http://evil.example/").find("whole site") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_no_such_value_is_refused) {
  using enum indicator_kind;
  const std::pair<indicator_kind, std::string> cases[] = {
      {address, ""},
      {address, "300.1.1.1"},
      {address, "1.2.3.4/33"},
      {address, "1.2.3.4/x"},
      {address, "1.2.3.4/"},
      {domain, "a..b"},
      {domain, "1.2.3.4"},
      {domain, "-a.example"},
      {domain, "пример.рф"},
      {domain, "a b.c"},
      {domain, std::string(300, 'a') + ".b"},
      {url, "evil.example/a"},
      {url, "gopher://a/b"},
      {url, "http:///a"},
      {url, "http://u@a/b"},
      {url, "http://a/b c"},
      {hash, "xyz"},
      {hash, "abcdef"},
      {hash, std::string(31, 'a') + "g"},
      {url, "http://a/" + std::string(2048, 'a')}};
  for (const auto& [kind, value] : cases)
    BOOST_TEST(form(kind, value).starts_with("no: "), value);
}

BOOST_AUTO_TEST_CASE(a_value_without_its_kind_is_guessed) {
  BOOST_TEST((guess_kind("198.51.100.7") == indicator_kind::address));
  BOOST_TEST((guess_kind("evil.example") == indicator_kind::domain));
  BOOST_TEST((guess_kind("http://evil.example/a") == indicator_kind::url));
  BOOST_TEST((guess_kind("d41d8cd98f00b204e9800998ecf8427e") == indicator_kind::hash));
  BOOST_TEST(!guess_kind("what is this"));
  BOOST_TEST((kind_from("url") == indicator_kind::url));
  BOOST_TEST(!kind_from("file"));
  BOOST_TEST(to_string(indicator_kind::domain) == "domain");
}

BOOST_AUTO_TEST_SUITE_END()
