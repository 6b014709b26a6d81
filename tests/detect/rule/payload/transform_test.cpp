#include "detect/rule/payload/transform.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect::rule::payload;
using cresset::detect::rule::text::errc;
using cresset::detect::rule::text::text_cursor;

BOOST_AUTO_TEST_SUITE(a_transform)

BOOST_AUTO_TEST_CASE(is_known_by_its_name) {
  for (const auto* name :
       {"compress_whitespace", "domain", "dotprefix", "from_base64", "gunzip", "header_lowercase",
        "strip_pseudo_headers", "strip_whitespace", "tld", "to_lowercase", "to_md5", "to_sha1",
        "to_sha256", "to_uppercase", "url_decode", "zlib_deflate"}) {
    BOOST_TEST_CONTEXT(name) {
      const auto made = parse_transform(name, text_cursor{""});
      BOOST_REQUIRE(made.has_value());
      BOOST_CHECK(made->has_value());
    }
  }
  BOOST_CHECK(!parse_transform("http.uri", text_cursor{""}).has_value());
}

BOOST_AUTO_TEST_CASE(reads_its_value) {
  const auto key = parse_transform("xor", text_cursor{"\"0d0ac8ff\""});
  BOOST_CHECK((**key).argument == "\x0d\x0a\xc8\xff");
  const auto base64 =
      parse_transform("from_base64", text_cursor{"bytes 12, offset 3, mode rfc2045"});
  BOOST_CHECK((**base64).bytes == 12U);
  BOOST_CHECK((**base64).offset == 3U);
  BOOST_CHECK(((**base64).mode == transform::base64_mode::rfc2045));
  BOOST_CHECK((**parse_transform("gunzip", text_cursor{"max-size 4096"})).bytes == 4096U);
  BOOST_CHECK((**parse_transform("pcrexform", text_cursor{R"x("/get\?data=(.*)")x"})).argument ==
              R"x(/get\?data=(.*))x");
}

BOOST_AUTO_TEST_CASE(is_refused_with_a_wrong_value) {
  BOOST_CHECK(!parse_transform("dotprefix", text_cursor{"1"})->has_value());
  BOOST_CHECK(!parse_transform("xor", text_cursor{"\"0d0\""})->has_value());
  BOOST_CHECK(!parse_transform("xor", text_cursor{"\"0x\""})->has_value());
  BOOST_CHECK(!parse_transform("pcrexform", text_cursor{"\"\""})->has_value());
  BOOST_CHECK(!parse_transform("gunzip", text_cursor{"max-size 0"})->has_value());
  BOOST_CHECK(!parse_transform("from_base64", text_cursor{"mode frob"})->has_value());
  BOOST_CHECK(
      (parse_transform("luaxform", text_cursor{"x.lua"})->error().why == errc::not_supported));
}

BOOST_AUTO_TEST_SUITE_END()
