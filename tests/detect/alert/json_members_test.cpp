#include "detect/alert/json_members.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(json_members)

using cresset::detect::alert::is_json_members;

BOOST_AUTO_TEST_CASE(members_are_taken) {
  for (const auto text :
       {"", " ", R"("a":1)", R"( "a" : [ 1 , -2.5e+3 , 0 , true,false,null ] , "b":{} )",
        R"("a":{"b":{"c":[[],{}]}})", R"("a":"\u00e9\ud83d\ude00\"\\\/\b\f\n\r\t")",
        "\"\xc3\xa9\":\"\xf0\x9f\x98\x80\"", R"("":"")"})
    BOOST_TEST(is_json_members(text), text);
}

BOOST_AUTO_TEST_CASE(anything_else_is_refused) {
  for (const auto text : {"{}",
                          R"({"a":1})",
                          R"("a")",
                          R"("a":)",
                          R"("a":1,)",
                          R"("a":1}{)",
                          R"("a":01)",
                          R"("a":.5)",
                          R"("a":1.)",
                          R"("a":+1)",
                          R"("a":1e)",
                          R"("a":-)",
                          R"("a":"\x41")",
                          R"("a":"\u12")",
                          R"("a":"\u12g4")",
                          R"("a":"\u0000")",
                          R"("a":"\ud800")",
                          R"("a":"\ud800\u0041")",
                          R"("a":"\udc00")",
                          R"("a":[1,])",
                          R"("a":[1)",
                          R"("a":{"b":1)",
                          R"("a":tru)",
                          R"("a":1 "b":2)",
                          R"(a:1)",
                          "\"a\":\"\n\"",
                          "\"a\":\"\xff\"",
                          "\"a\":\"\xed\xa0\x80\"",
                          "\"a\":\"\xc0\x80\"",
                          "\"a",
                          R"("a":"b)",
                          R"("a":1]})",
                          R"("a":NaN)",
                          R"("a":"\u @@@")",
                          R"("a":"\uPQRS")"})
    BOOST_TEST(!is_json_members(text), text);
}

BOOST_AUTO_TEST_CASE(a_nul_is_refused) {
  BOOST_TEST(!is_json_members(std::string_view{"\"a\":\"\0\"", 7}));
}

BOOST_AUTO_TEST_CASE(depth_is_bounded) {
  const auto nested = [](int depth) {
    return "\"a\":" + std::string(static_cast<std::size_t>(depth), '[') +
           std::string(static_cast<std::size_t>(depth), ']');
  };
  BOOST_TEST(is_json_members(nested(32)));
  BOOST_TEST(!is_json_members(nested(40)));
  BOOST_TEST(!is_json_members("\"a\":" + std::string(1'000'000, '[')));
}

BOOST_AUTO_TEST_SUITE_END()
