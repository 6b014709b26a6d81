#include "coord/casework/attachment.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord::casework;

namespace {

std::string read(std::string_view text) {
  const auto bytes = from_base64(text);
  if (!bytes)
    return "no";
  return {reinterpret_cast<const char*>(bytes->data()), bytes->size()};
}

} // namespace

BOOST_AUTO_TEST_SUITE(coord_casework_attachment)

BOOST_AUTO_TEST_CASE(base64_is_read_in_its_one_form) {
  BOOST_TEST(read("") == "");
  BOOST_TEST(read("Zg==") == "f");
  BOOST_TEST(read("Zm8=") == "fo");
  BOOST_TEST(read("Zm9vYmFy") == "foobar");
  for (const auto* const wrong :
       {"Z", "Zg", "Zg=", "Zh==", "Zm9=", "====", "Zg==Zg==", "Zm9v\nYmFy", "Zm9-", "=Zg=", "Zg=a"})
    BOOST_TEST(read(wrong) == "no", wrong);
}

BOOST_AUTO_TEST_CASE(names_hold_no_path_and_no_control_characters) {
  BOOST_TEST(is_file_name("отчёт 1.pdf"));
  for (const auto* const wrong : {"", ".", "..", "a/b", "a\\b", "a\nb"})
    BOOST_TEST(!is_file_name(wrong), wrong);
  BOOST_TEST(!is_file_name(std::string(201, 'a')));
}

BOOST_AUTO_TEST_CASE(a_header_carries_a_name_that_can_do_no_harm) {
  BOOST_TEST(header_file_name("a\"; x=\r\n.html") == "a___x___.html");
  BOOST_TEST(header_file_name(".bashrc") == "_bashrc");
  BOOST_TEST(header_file_name("") == "attachment");
}

BOOST_AUTO_TEST_CASE(media_types_are_two_words_and_a_slash) {
  BOOST_TEST(is_media_type("application/vnd.tcpdump.pcap"));
  for (const auto* const wrong :
       {"", "text", "/x", "x/", "a/b/c", "text/html; charset=utf-8", "a/b\n"})
    BOOST_TEST(!is_media_type(wrong), wrong);
}

BOOST_AUTO_TEST_SUITE_END()
