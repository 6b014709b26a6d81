#include "capture/base/json_writer.hpp"

#include <boost/test/unit_test.hpp>

using cresset::json_writer;
using namespace std::string_view_literals;

namespace {
std::string written(std::string_view text) {
  std::string out;
  json_writer{out}.text(text);
  return out;
}
} // namespace

BOOST_AUTO_TEST_SUITE(json_writer_lines)

BOOST_AUTO_TEST_CASE(members_and_elements_are_separated) {
  std::string out;
  json_writer json{out};
  json.begin_object().member("a", 1).member("b", "x").member("c", true).key("d").begin_array();
  json.number(std::uint64_t{18446744073709551615U}).begin_object().end_object().null().end_array();
  json.member("e", -1).end_object();
  BOOST_TEST(out == R"({"a":1,"b":"x","c":true,"d":[18446744073709551615,{},null],"e":-1})");
}

BOOST_AUTO_TEST_CASE(text_is_escaped) {
  BOOST_TEST(written("a\"b\\c\r\n\t\x01\x7f"sv) == R"("a\"b\\c\r\n\t\u0001\u007f")");
  BOOST_TEST(written("\0"sv) == R"("\u0000")");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_utf8_show_as_their_value) {
  BOOST_TEST(written("\xd0\x9a\xe2\x82\xac\xf0\x9f\x94\xa5") ==
             "\"\xd0\x9a\xe2\x82\xac\xf0\x9f\x94\xa5\"");
  BOOST_TEST(written("\xff\xc0\xaf\xed\xa0\x80\xf5") == R"("\\xff\\xc0\\xaf\\xed\\xa0\\x80\\xf5")");
  BOOST_TEST(written("\xe2\x82") == R"("\\xe2\\x82")");
}

BOOST_AUTO_TEST_CASE(base64_follows_the_vectors_of_rfc_4648) {
  const auto encoded = [](std::string_view text) {
    std::string out;
    json_writer{out}.base64(cresset::as_bytes(text));
    return out;
  };
  BOOST_TEST(encoded("") == "\"\"");
  BOOST_TEST(encoded("f") == "\"Zg==\"");
  BOOST_TEST(encoded("fo") == "\"Zm8=\"");
  BOOST_TEST(encoded("foobar") == "\"Zm9vYmFy\"");
}

BOOST_AUTO_TEST_SUITE_END()
