#include "detect/inspect/buffer/chain.hpp"

#include "detect/rule/parser.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

using namespace cresset::detect;
using cresset::as_bytes;
using namespace std::string_view_literals;
namespace buffer = inspect::buffer;

namespace {

/// Whether the options match the bytes, in one window.
bool matches(std::string_view options, std::string_view bytes, buffer::window on = {}) {
  rule::parser reader{rule::variables{}};
  const auto read =
      reader.parse("alert tcp any any -> any any (" + std::string{options} + " sid:1;)");
  BOOST_REQUIRE_MESSAGE(read.has_value(), (read ? "" : read.error().reason) << " in " << options);
  BOOST_REQUIRE(read->sections.size() == 1);
  inspect::lists::library lists;
  const auto made = buffer::make_chain(read->sections[0], lists, {});
  BOOST_REQUIRE_MESSAGE(made.has_value(), (made ? "" : made.error()));
  buffer::workspace work;
  on.bytes = as_bytes(bytes);
  return buffer::matches(*made, on, work);
}

} // namespace

BOOST_AUTO_TEST_SUITE(chain_of_tests)

BOOST_AUTO_TEST_CASE(contents_stand_anywhere_unless_they_say_where) {
  BOOST_TEST(matches(R"(content:"b"; content:"a";)", "ab"));
  BOOST_TEST(!matches(R"(content:"a"; content:"c";)", "ab"));
  BOOST_TEST(matches(R"(content:"AB"; nocase;)", "xab"));
}

BOOST_AUTO_TEST_CASE(a_call_of_rpc_names_program_version_and_procedure) {
  const std::string call{"\1\2\3\4\0\0\0\0\0\0\0\2\0\1\x86\xa0\0\0\0\2\0\0\0\3"sv};
  BOOST_TEST(matches("rpc:100000,2,3;", call));
  BOOST_TEST(matches("rpc:100000,*,*;", call));
  BOOST_TEST(matches("rpc:100000;", call));
  BOOST_TEST(!matches("rpc:100001;", call));
  BOOST_TEST(!matches("rpc:100000,3;", call));
  BOOST_TEST(!matches("rpc:100000,*,4;", call));
  BOOST_TEST(!matches("rpc:100000;", call.substr(0, 20)));
}

BOOST_AUTO_TEST_CASE(asn1_is_looked_at_where_the_rule_says) {
  BOOST_TEST(matches("asn1:oversize_length 10;", "\x04\x0b"));
  BOOST_TEST(!matches("asn1:oversize_length 10;", "\x02\x09\x04\x0b"));
  BOOST_TEST(matches("asn1:oversize_length 10, absolute_offset 2;", "\x02\x09\x04\x0b"));
  BOOST_TEST(matches(R"(content:"|02 09|"; asn1:oversize_length 10, relative_offset 0;)",
                     "\x02\x09\x04\x0b"));
  BOOST_TEST(!matches("asn1:oversize_length 10, absolute_offset 200;", "\x02\x09\x04\x0b"));
}

BOOST_AUTO_TEST_CASE(offset_and_depth_count_from_the_begin) {
  BOOST_TEST(matches(R"(content:"b"; offset:1; depth:1;)", "ab"));
  BOOST_TEST(!matches(R"(content:"b"; offset:2;)", "ab"));
  BOOST_TEST(!matches(R"(content:"c"; depth:2;)", "abc"));
  BOOST_TEST(matches(R"(content:"abc"; depth:3;)", "abcd"));
  BOOST_TEST(matches(R"(content:"ab"; startswith;)", "abc"));
  BOOST_TEST(!matches(R"(content:"bc"; startswith;)", "abc"));
  BOOST_TEST(matches(R"(content:"bc"; endswith;)", "abc"));
  BOOST_TEST(!matches(R"(content:"ab"; endswith;)", "abc"));
}

BOOST_AUTO_TEST_CASE(distance_and_within_count_from_the_match_before) {
  BOOST_TEST(matches(R"(content:"a"; content:"b"; distance:1; within:1;)", "axb"));
  BOOST_TEST(!matches(R"(content:"a"; content:"b"; distance:1; within:1;)", "axxb"));
  BOOST_TEST(!matches(R"(content:"b"; content:"a"; distance:0;)", "ab"));
  BOOST_TEST(matches(R"(content:"cd"; content:"ab"; distance:-4; within:2;)", "abcd"));
}

BOOST_AUTO_TEST_CASE(another_place_is_tried_when_a_relative_test_fails) {
  BOOST_TEST(matches(R"(content:"a"; content:"b"; within:1;)", "aaxab"));
  BOOST_TEST(matches(R"(content:"a"; isdataat:!1,relative;)", "aba"));
  BOOST_TEST(matches(R"(pcre:"/a./"; content:"c"; within:1;)", "abxaac"));
}

BOOST_AUTO_TEST_CASE(a_negated_content_must_be_missing_where_it_is_looked_for) {
  BOOST_TEST(matches(R"(content:"a"; content:!"b";)", "acc"));
  BOOST_TEST(!matches(R"(content:"a"; content:!"b";)", "acb"));
  BOOST_TEST(matches(R"(content:"a"; content:!"b"; within:1;)", "acb"));
  BOOST_TEST(matches(R"(content:!"b"; offset:0; depth:1; content:"b";)", "ab"));
}

BOOST_AUTO_TEST_CASE(a_negated_content_that_is_found_ends_the_search) {
  BOOST_TEST(!matches(R"(content:"a"; content:!"x"; within:1; content:"b"; within:2;)", "axb-aab"));
  BOOST_TEST(matches(R"(content:"a"; content:!"x"; within:1; content:"b"; within:2;)", "aab-axb"));
}

BOOST_AUTO_TEST_CASE(isdataat_and_bsize_ask_for_length) {
  BOOST_TEST(matches(R"(content:"a"; isdataat:2;)", "abc"));
  BOOST_TEST(!matches(R"(content:"a"; isdataat:3;)", "abc"));
  BOOST_TEST(matches(R"(content:"a"; isdataat:2,relative;)", "abc"));
  BOOST_TEST(!matches(R"(content:"a"; isdataat:3,relative;)", "abc"));
}

BOOST_AUTO_TEST_CASE(numbers_are_tested_jumped_and_kept) {
  BOOST_TEST(matches(R"(content:"L"; byte_test:2,>,255,0,relative;)", "L\x01\x00"sv));
  BOOST_TEST(!matches(R"(content:"L"; byte_test:2,>,255,0,relative;)", "L\x00\xff"sv));
  BOOST_TEST(!matches(R"(content:"L"; byte_test:4,>,0,0,relative;)", "L\x00\xff"sv));
  BOOST_TEST(
      matches(R"(content:"L"; byte_jump:1,0,relative; content:"Z"; within:1;)", "L\x02xxZ"sv));
  BOOST_TEST(
      !matches(R"(content:"L"; byte_jump:1,0,relative; content:"Z"; within:1;)", "L\x09xxZ"sv));
  BOOST_TEST(matches(R"(byte_extract:1,0,n; content:"Z"; offset:n; depth:1;)", "\x03xxZ"sv));
  // what follows is relative to the end of the number
  BOOST_TEST(
      matches(R"(content:"AB"; byte_extract:1,0,n,relative; content:"C"; within:1;)", "ABxC"sv));
  BOOST_TEST(
      !matches(R"(content:"AB"; byte_extract:1,0,n,relative; content:"C"; distance:1; within:1;)",
               "ABxC"sv));
  BOOST_TEST(matches(R"(content:"AB"; byte_extract:1,0,n,relative; byte_test:1,>,n,0,relative;)",
                     "AB\x03\x04"sv));
  BOOST_TEST(matches(
      R"(byte_math:bytes 1,offset 0,oper +,rvalue 1,result n; content:"Z"; offset:n; depth:1;)",
      "\x02xxZ"sv));
  BOOST_TEST(matches(R"(byte_test:3,=,123,0,string,dec; content:"1";)", "123"));
}

BOOST_AUTO_TEST_CASE(pcre_matches_relative_and_absolute) {
  BOOST_TEST(matches(R"(content:"a"; pcre:"/^b/R";)", "xab"));
  BOOST_TEST(!matches(R"(content:"a"; pcre:"/^b/R";)", "xacb"));
  BOOST_TEST(matches(R"(content:"a"; pcre:!"/b/";)", "xac"));
  BOOST_TEST(matches(R"(pcre:"/A.C/is";)", "a\nc"));
}

BOOST_AUTO_TEST_CASE(base64_is_decoded_and_left_for_its_buffer) {
  BOOST_TEST(matches(R"(content:"k="; base64_decode:relative;)", "k=Zm9v"));
  BOOST_TEST(!matches(R"(content:"k="; base64_decode:relative;)", "k=!"));
}

BOOST_AUTO_TEST_CASE(in_a_later_window_the_begin_is_not_known) {
  BOOST_TEST(!matches(R"(content:"a"; depth:5;)", "abc", {.from_start = false}));
  BOOST_TEST(matches(R"(content:"a";)", "abc", {.from_start = false}));
  BOOST_TEST(matches(R"(content:!"x"; depth:5; content:"a";)", "abc", {.from_start = false}));
}

BOOST_AUTO_TEST_CASE(what_ends_among_judged_bytes_was_judged) {
  BOOST_TEST(!matches(R"(content:"ab";)", "abcd", {.judged_bytes = 2}));
  BOOST_TEST(matches(R"(content:"ab";)", "abab", {.judged_bytes = 3}));
  BOOST_TEST(matches(R"(content:"bc";)", "abcd", {.judged_bytes = 2}));
}

BOOST_AUTO_TEST_CASE(one_place_will_do_where_nothing_counts_from_it) {
  BOOST_TEST(matches(R"(content:"ab"; content:"x";)", "abxabx", {.judged_bytes = 4}));
  BOOST_TEST(matches(R"(content:"x"; content:"ab";)", "abxab", {.judged_bytes = 4}));
  BOOST_TEST(!matches(R"(content:"x"; content:"ab";)", "abxab", {.judged_bytes = 5}));
  BOOST_TEST(matches(R"(content:"a"; content:"b"; distance:1; content:"z";)", "abaxbz"));
  BOOST_TEST(
      matches(R"(content:"ab"; content:"c"; distance:1; content:"d"; distance:0;)", "abcabxcd"));
  BOOST_TEST(
      !matches(R"(content:"ab"; content:"c"; distance:1; content:"e"; distance:0;)", "abcabxcd"));
}

BOOST_AUTO_TEST_CASE(what_fails_at_every_place_is_tried_at_one) {
  rule::parser reader{rule::variables{}};
  for (const auto* behind : {R"(pcre:"/zzz/";)", R"(content:"zzz";)", R"(pcre:!"/aaa/";)"}) {
    const auto read = reader.parse(fmt::format(
        "alert tcp any any -> any any (content:\"a\"; isdataat:1,relative; {} sid:1;)", behind));
    BOOST_REQUIRE(read.has_value());
    inspect::lists::library lists;
    const auto made = buffer::make_chain(read->sections[0], lists, {});
    buffer::workspace work;
    const std::string many(30'000, 'a'); // more places than may be tried
    BOOST_TEST(!buffer::matches(*made, {.bytes = as_bytes(many)}, work));
    BOOST_TEST(work.places_exhausted == 0U);
  }
}

BOOST_AUTO_TEST_CASE(hostile_bytes_cannot_make_it_search_for_ever) {
  rule::parser reader{rule::variables{}};
  const auto read = reader.parse(
      R"(alert tcp any any -> any any (content:"a"; content:"a"; distance:0; content:"a"; distance:0;)"
      R"( content:"a"; distance:0; content:"b"; distance:0; sid:1;))");
  BOOST_REQUIRE(read.has_value());
  inspect::lists::library lists;
  const auto made = buffer::make_chain(read->sections[0], lists, {});
  buffer::workspace work;
  const std::string hostile(60'000, 'a');
  BOOST_TEST(!buffer::matches(*made, {.bytes = as_bytes(hostile)}, work));
  BOOST_TEST(work.places_exhausted == 1U);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_matched_is_refused) {
  rule::parser reader{rule::variables{}};
  for (const auto* options : {R"(content:"a"; pcre:"/(/";)", R"(dns.query; dataset:isset,x;)",
                              R"(dns.query; dataset:isset,x,type ip,load no-such-file;)"}) {
    const auto read =
        reader.parse("alert tcp any any -> any any (" + std::string{options} + " sid:1;)");
    BOOST_REQUIRE(read.has_value());
    inspect::lists::library lists;
    BOOST_TEST(!buffer::make_chain(read->sections[0], lists, {}).has_value());
  }
}

BOOST_AUTO_TEST_SUITE_END()
