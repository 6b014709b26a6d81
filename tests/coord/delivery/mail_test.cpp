#include "coord/delivery/mail.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::coord::delivery;

BOOST_AUTO_TEST_SUITE(coord_delivery_mail)

BOOST_AUTO_TEST_CASE(an_address_is_one_and_carries_nothing_else) {
  BOOST_TEST(is_mail_address("duty@cirt.example"));
  for (const auto* bad : {"", "@", "a@", "@b", "a@b@c", "a b@c", "a@b>", "a@b\r\nRCPT TO:<x@y>",
                          "<a@b>", "a@b,c@d", "\"a\"@b", "ö@b"})
    BOOST_TEST(!is_mail_address(bad), bad);
  BOOST_TEST(!is_mail_address(std::string(250, 'a') + "@b.example"));
}

BOOST_AUTO_TEST_CASE(plain_headers_stay_and_others_become_encoded_words) {
  BOOST_TEST(header_text("INC-2026-000017: reply needed") == "INC-2026-000017: reply needed");
  BOOST_TEST(header_text("Привет") == "=?UTF-8?B?0J/RgNC40LLQtdGC?=");
  BOOST_TEST(header_text("a\r\nBcc: x@y").find('\n') == std::string::npos);
  BOOST_TEST(header_text("=?UTF-8?B?x?=").starts_with("=?UTF-8?B?PT9V"));
}

BOOST_AUTO_TEST_CASE(long_headers_are_cut_between_characters) {
  std::string text;
  for (int i = 0; i < 60; ++i)
    text += "я";
  const auto words = header_text(text);
  for (std::size_t at = 0; at < words.size();) {
    const auto end = std::min(words.find(' ', at), words.size());
    BOOST_TEST(end - at <= 75U);
    at = end + 1;
  }
  // 22 whole characters of two bytes in a word of at most 45
  BOOST_TEST(words.starts_with("=?UTF-8?B?0Y/Rj9GP"));
  BOOST_TEST(words.find("?= =?UTF-8?B?0Y/Rj") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_date_is_written_as_rfc_5322_asks) {
  BOOST_TEST(header_date(timestamp_from_ns(1'795'298'858'000'000'000)) ==
             "Sat, 21 Nov 2026 22:07:38 +0000");
}

BOOST_AUTO_TEST_SUITE_END()
