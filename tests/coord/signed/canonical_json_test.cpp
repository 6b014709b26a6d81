#include "coord/signed/canonical_json.hpp"

#include <boost/test/unit_test.hpp>

#include <bit>

using namespace cresset::coord::signed_;

namespace {
std::string canonical(std::string_view text) {
  const auto made = canonicalize(text);
  return made ? *made : "error: " + std::string{to_string(made.error().code)};
}
std::string number(std::uint64_t ieee) {
  std::string out;
  append_es6_number(out, std::bit_cast<double>(ieee));
  return out;
}
} // namespace

BOOST_AUTO_TEST_SUITE(canonical_json_rfc_8785)

BOOST_AUTO_TEST_CASE(the_example_of_section_3_2_2_comes_out_as_the_rfc_says) {
  const std::string_view input = R"({
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]
  })";
  BOOST_TEST(
      canonical(input) ==
      "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
      "\"string\":\"\xe2\x82\xac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
}

BOOST_AUTO_TEST_CASE(the_sorting_example_of_section_3_2_3_comes_out_as_the_rfc_says) {
  const std::string_view input = R"({
    "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
    "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"
  })";
  BOOST_TEST(canonical(input) ==
             "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xc2\x80\":\"Control\","
             "\"\xc3\xb6\":\"Latin Small Letter O With Diaeresis\",\"\xe2\x82\xac\":\"Euro Sign\","
             "\"\xf0\x9f\x98\x80\":\"Emoji: Grinning Face\",\"\xef\xac\xb3\":\"Hebrew Letter Dalet "
             "With Dagesh\"}");
}

BOOST_AUTO_TEST_CASE(the_numbers_of_appendix_b_are_written_as_ecmascript_does) {
  const std::pair<std::uint64_t, const char*> vectors[] = {
      {0x0000000000000000, "0"},
      {0x8000000000000000, "0"},
      {0x0000000000000001, "5e-324"},
      {0x8000000000000001, "-5e-324"},
      {0x7fefffffffffffff, "1.7976931348623157e+308"},
      {0xffefffffffffffff, "-1.7976931348623157e+308"},
      {0x4340000000000000, "9007199254740992"},
      {0xc340000000000000, "-9007199254740992"},
      {0x4430000000000000, "295147905179352830000"},
      {0x44b52d02c7e14af5, "9.999999999999997e+22"},
      {0x44b52d02c7e14af6, "1e+23"},
      {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
      {0x444b1ae4d6e2ef4e, "999999999999999700000"},
      {0x444b1ae4d6e2ef4f, "999999999999999900000"},
      {0x444b1ae4d6e2ef50, "1e+21"},
      {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
      {0x3eb0c6f7a0b5ed8d, "0.000001"},
      {0x41b3de4355555553, "333333333.3333332"},
      {0x41b3de4355555554, "333333333.33333325"},
      {0x41b3de4355555555, "333333333.3333333"},
      {0x41b3de4355555556, "333333333.3333334"},
      {0x41b3de4355555557, "333333333.33333343"},
      {0xbecbf647612f3696, "-0.0000033333333333333333"},
      {0x43143ff3c1cb0959, "1424953923781206.2"},
  };
  for (const auto& [ieee, written] : vectors)
    BOOST_TEST(number(ieee) == written);
}

BOOST_AUTO_TEST_CASE(what_is_canonical_stays_and_what_is_not_is_told_apart) {
  BOOST_TEST(read_canonical(R"({"a":[1,2.5,"x"],"b":null})").has_value());
  BOOST_TEST(!read_canonical(R"({"a": 1})").has_value());
  BOOST_TEST(!read_canonical(R"({"b":1,"a":1})").has_value());
  BOOST_TEST(!read_canonical(R"({"a":1.0})").has_value());
  BOOST_TEST(!read_canonical(R"({"a":"\u0041"})").has_value());
  BOOST_TEST(!read_canonical(R"({"a":"\/"})").has_value());
  BOOST_TEST(!read_canonical(R"({"a":-0})").has_value());
}

BOOST_AUTO_TEST_CASE(control_characters_have_their_shortest_escape) {
  BOOST_TEST(canonical(R"("\u0000\u0008\u0009\u000a\u000b\u000c\u000d\u001f\u007f")") ==
             "\"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\x7f\"");
}

BOOST_AUTO_TEST_CASE(no_text_is_normalised) {
  BOOST_TEST(canonical("\"A\xcc\x8a\"") ==
             "\"A\xcc\x8a\""); // A + combining ring stays two code points
}

BOOST_AUTO_TEST_CASE(text_that_is_no_utf8_is_not_written) {
  BOOST_TEST((write_canonical(json_value{"\xff"}).error().code == json_errc::bad_utf8));
  BOOST_TEST(
      (write_canonical(json_value::object{{"\xc0\xaf", 1}}).error().code == json_errc::bad_utf8));
}

BOOST_AUTO_TEST_CASE(infinities_and_nan_are_not_written) {
  BOOST_TEST(
      (write_canonical(json_value{1e308 * 10}).error().code == json_errc::number_out_of_range));
}

BOOST_AUTO_TEST_CASE(a_tree_deeper_than_the_limit_is_not_written) {
  json_value value = json_value::array{};
  for (std::size_t i = 1; i < json_limit_depth; ++i)
    value = json_value::array{value};
  BOOST_TEST(write_canonical(value).has_value());
  BOOST_TEST((write_canonical(json_value::array{value}).error().code == json_errc::too_deep));
}

BOOST_AUTO_TEST_CASE(a_text_above_one_mebibyte_is_not_written) {
  BOOST_TEST(write_canonical(json_value{std::string(json_limit_bytes - 2, 'x')}).has_value());
  BOOST_TEST((write_canonical(json_value{std::string(json_limit_bytes - 1, 'x')}).error().code ==
              json_errc::too_large));
}

BOOST_AUTO_TEST_SUITE_END()
