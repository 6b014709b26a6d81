#include "detect/proto/dns/name.hpp"

#include "detect/proto/dns/message.hpp"
#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace cresset;
using namespace cresset::detect::proto::dns;
using cresset::test::from_hex;

namespace {

struct outcome {
  name_status status;
  std::string text;
  std::size_t at;
};
outcome decode(const std::string& message, std::size_t at = 0) {
  name_buffer out;
  const auto status = decode_name(as_bytes(message), at, out);
  return {status, std::string{as_text(out.bytes())}, at};
}

} // namespace

BOOST_AUTO_TEST_SUITE(dns_name)

BOOST_AUTO_TEST_CASE(labels_are_joined_by_dots_without_one_at_the_end) {
  const auto got = decode(from_hex("03777777 026465 00 ff"));
  BOOST_CHECK(got.status == name_status::whole);
  BOOST_TEST(got.text == "www.de");
  BOOST_TEST(got.at == 8U);
}
BOOST_AUTO_TEST_CASE(the_root_is_an_empty_name) {
  const auto got = decode(from_hex("00"));
  BOOST_CHECK(got.status == name_status::whole);
  BOOST_TEST(got.text.empty());
  BOOST_TEST(got.at == 1U);
}
BOOST_AUTO_TEST_CASE(a_pointer_goes_on_elsewhere_and_ends_the_name_here) {
  const auto got = decode(from_hex("026465 00 03777777 c000 ff"), 4);
  BOOST_CHECK(got.status == name_status::whole);
  BOOST_TEST(got.text == "www.de");
  BOOST_TEST(got.at == 10U);
}
BOOST_AUTO_TEST_CASE(a_pointer_to_itself_ends_at_the_limit) {
  const auto got = decode(from_hex("0161 c000"));
  BOOST_CHECK(got.status != name_status::whole);
  BOOST_CHECK(got.status != name_status::damaged);
  BOOST_TEST(got.at == 4U);
  const auto bare = decode(from_hex("c000"));
  BOOST_CHECK(bare.status == name_status::infinite_loop);
  BOOST_TEST(bare.text.empty());
}
BOOST_AUTO_TEST_CASE(a_long_name_is_cut_and_its_bytes_are_skipped) {
  std::string message;
  for (int i = 0; i < 40; ++i)
    message += '\x1e' + std::string(30, 'a');
  message += '\0';
  const auto got = decode(message);
  BOOST_CHECK(got.status == name_status::truncated);
  BOOST_TEST(got.text.size() == limits::name_bytes);
  BOOST_TEST(got.at == message.size());
}
BOOST_AUTO_TEST_CASE(a_name_of_too_many_labels_is_cut) {
  std::string message;
  for (int i = 0; i < 300; ++i)
    message += std::string{"\x01"} + "a";
  message += '\0';
  const auto got = decode(message);
  BOOST_CHECK(got.status == name_status::too_many_labels);
  BOOST_TEST(got.text.size() == 2 * limits::name_labels - 1);
  BOOST_TEST(got.at == message.size());
}
BOOST_AUTO_TEST_CASE(names_that_run_off_the_message_are_damaged) {
  for (const auto hex : {"", "03", "037777", "0377777", "03777777", "c0", "c0ff", "0161c0"}) {
    BOOST_TEST_CONTEXT(hex) {
      BOOST_CHECK(decode(from_hex(hex)).status == name_status::damaged);
    }
  }
}
BOOST_AUTO_TEST_CASE(labels_of_unknown_kind_are_damaged) {
  BOOST_CHECK(decode(from_hex("4161 00")).status == name_status::damaged);
  BOOST_CHECK(decode(from_hex("8161 00")).status == name_status::damaged);
}

BOOST_AUTO_TEST_SUITE_END()
