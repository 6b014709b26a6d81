#include "capture/source/pcap_format.hpp"

#include "tests/capture/source/capture_files.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::capture::source;
using namespace capture_files;

BOOST_AUTO_TEST_SUITE(pcap_format_test)

BOOST_AUTO_TEST_CASE(both_byte_orders_and_both_resolutions_are_read) {
  for (const bool big : {false, true})
    for (const bool nano : {false, true}) {
      const writer write{big};
      const auto header = write.pcap_header(113, nano);
      BOOST_REQUIRE(pcap_format::is_magic(header));
      const auto format = pcap_format::from(header);
      BOOST_REQUIRE(format);
      BOOST_TEST(format->link() == 113);
      BOOST_TEST(format->is_nanosecond() == nano);
      const auto record = write.pcap_record(1'700'000'000, 123'456, filled(60, 7), 1500);
      const auto result = format->read(record);
      BOOST_REQUIRE((result.status == record_status::packet));
      BOOST_TEST(result.consumed == 76U);
      BOOST_TEST(result.record.bytes.size() == 60U);
      BOOST_TEST(result.record.wire_length_bytes == 1500U);
      BOOST_TEST((result.record.link == link_type::linux_cooked));
      BOOST_TEST(to_ns(result.record.captured_at) ==
                 1'700'000'000'000'000'000 + (nano ? 123'456 : 123'456'000));
    }
}

BOOST_AUTO_TEST_CASE(the_upper_half_of_the_link_field_is_not_the_link) {
  auto header = writer{}.pcap_header(1);
  header[23] = std::byte{0x24}; // length of the frame check sequence, and that it is known
  BOOST_TEST(pcap_format::from(header)->link() == 1);
}

BOOST_AUTO_TEST_CASE(other_files_are_refused) {
  BOOST_TEST(!pcap_format::is_magic(filled(3, 0xa1)));
  BOOST_TEST(!pcap_format::from(filled(24, 0)));
  auto header = writer{}.pcap_header(1);
  header.pop_back();
  BOOST_TEST(pcap_format::is_magic(header));
  BOOST_TEST(!pcap_format::from(header));
}

BOOST_AUTO_TEST_CASE(a_record_in_pieces_asks_for_the_rest) {
  const writer write;
  const auto format = *pcap_format::from(write.pcap_header(1));
  const auto record = write.pcap_record(1, 2, filled(60, 7));
  for (std::size_t size = 0; size < record.size(); ++size) {
    const auto result = format.read(byte_view{record}.first(size));
    BOOST_TEST((result.status == record_status::need_more));
    BOOST_TEST(result.needed == (size < 16 ? 16U : 76U));
  }
}

BOOST_AUTO_TEST_CASE(a_length_nobody_captures_is_damage) {
  const writer write;
  const auto format = *pcap_format::from(write.pcap_header(1));
  auto record = write.pcap_record(1, 2, {});
  record[10] = std::byte{0x09};
  BOOST_TEST((format.read(record).status == record_status::malformed));
}

BOOST_AUTO_TEST_CASE(the_wire_is_never_shorter_than_the_capture) {
  const writer write;
  const auto format = *pcap_format::from(write.pcap_header(1));
  const auto record = write.pcap_record(1, 2, filled(60, 7), 20);
  BOOST_TEST(format.read(record).record.wire_length_bytes == 60U);
}

BOOST_AUTO_TEST_SUITE_END()
