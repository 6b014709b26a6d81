#include "coord/signed/json_reader.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord::signed_;

namespace {
std::optional<json_errc> refused(std::string_view text) {
  const auto read = read_json(text);
  return read ? std::nullopt : std::optional{read.error().code};
}
} // namespace

BOOST_AUTO_TEST_SUITE(json_reader_strictness)

BOOST_AUTO_TEST_CASE(every_kind_of_value_is_read) {
  const auto read =
      read_json(" {\"a\" : [ 1 , -2.5e1 , \"x\" , true , false , null , {} , [] ] } ");
  BOOST_REQUIRE(read.has_value());
  const auto& elements = *read->find("a")->elements();
  BOOST_TEST(elements.size() == 8U);
  BOOST_TEST(*elements[1].number() == -25.0);
  BOOST_TEST(*elements[2].text() == "x");
  BOOST_TEST(elements[5].is_null());
}

BOOST_AUTO_TEST_CASE(a_name_twice_is_refused_even_when_written_differently) {
  BOOST_TEST((refused(R"({"a":1,"a":1})") == json_errc::duplicate_name));
  BOOST_TEST((refused(R"({"a":1,"b":2,"\u0061":3})") == json_errc::duplicate_name));
  BOOST_TEST(!refused(R"({"a":1,"A":1})"));
}

BOOST_AUTO_TEST_CASE(half_a_surrogate_pair_is_refused) {
  BOOST_TEST((refused(R"("\ud83d")") == json_errc::lone_surrogate));
  BOOST_TEST((refused(R"("\ud83dx")") == json_errc::lone_surrogate));
  BOOST_TEST((refused(R"("\ud83d\u0041")") == json_errc::lone_surrogate));
  BOOST_TEST((refused(R"("\ude00")") == json_errc::lone_surrogate));
  BOOST_TEST((refused("\"\xed\xa0\x80\"") == json_errc::bad_utf8)); // CESU-8
  BOOST_TEST(!refused(R"("\ud83d\ude00")"));
}

BOOST_AUTO_TEST_CASE(integers_a_double_cannot_hold_are_refused) {
  BOOST_TEST(!refused("9007199254740991"));
  BOOST_TEST(!refused("-9007199254740991"));
  BOOST_TEST((refused("9007199254740992") == json_errc::unsafe_integer));
  BOOST_TEST((refused("-9007199254740993") == json_errc::unsafe_integer));
  BOOST_TEST((refused("123456789012345678901234567890") == json_errc::unsafe_integer));
  BOOST_TEST((refused("1e400") == json_errc::number_out_of_range));
  BOOST_TEST(!refused("1e300"));
  BOOST_TEST(!refused("5e-324"));
}

BOOST_AUTO_TEST_CASE(sixty_four_levels_are_the_limit) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  BOOST_TEST(!refused(nested(json_limit_depth)));
  BOOST_TEST((refused(nested(json_limit_depth + 1)) == json_errc::too_deep));
  BOOST_TEST((refused(std::string(500'000, '[')) == json_errc::too_deep));
}

BOOST_AUTO_TEST_CASE(one_mebibyte_is_the_limit) {
  BOOST_TEST(!refused('"' + std::string(json_limit_bytes - 2, 'x') + '"'));
  BOOST_TEST((refused('"' + std::string(json_limit_bytes - 1, 'x') + '"') == json_errc::too_large));
}

BOOST_AUTO_TEST_CASE(the_number_of_values_is_bounded) {
  std::string many = "[";
  for (std::size_t i = 0; i < json_limit_values; ++i)
    many += "0,";
  many += "0]";
  BOOST_TEST((refused(many) == json_errc::too_many_values));
}

BOOST_AUTO_TEST_CASE(broken_texts_are_refused) {
  for (const auto* text :
       {"",       " ",      "{",       "}",          "[",       "[1",        "[1,",
        "[1,]",   "{\"a\"", "{\"a\":", "{\"a\":1,}", "{a:1}",   "{1:1}",     "tru",
        "nul",    "+1",     "01",      "1.",         ".5",      "1e",        "1e+",
        "-",      "--1",    "\"",      "\"\\",       "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"",
        "\"\t\"", "'a'",    "NaN",     "Infinity",   "0x10",    "{\"a\" 1}", "[1 2]"})
    BOOST_TEST(refused(text).has_value(), "accepted: " << text);
  BOOST_TEST((refused("1 2") == json_errc::trailing_text));
  BOOST_TEST((refused("{}x") == json_errc::trailing_text));
  BOOST_TEST((refused("\"\xff\"") == json_errc::bad_utf8));
  BOOST_TEST((refused("\xef\xbb\xbf{}") == json_errc::syntax)); // a byte order mark is no JSON
}

BOOST_AUTO_TEST_CASE(the_error_names_the_place) {
  const auto read = read_json("{\"a\":tru}");
  BOOST_REQUIRE(!read.has_value());
  BOOST_TEST(read.error().offset == 5U);
}

BOOST_AUTO_TEST_SUITE_END()
