#include "capture/source/pcapng_format.hpp"

#include "tests/capture/source/capture_files.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::capture::source;
using namespace capture_files;

namespace {

/// Everything a file holds, or the first status that ends it.
struct contents {
  std::vector<capture_record> records;
  record_status last = record_status::need_more;
};

contents read_all(const bytes& file) {
  contents out;
  pcapng_format format;
  byte_view rest{file};
  while (!rest.empty()) {
    const auto result = format.read(rest);
    out.last = result.status;
    if (result.status == record_status::packet)
      out.records.push_back(result.record);
    else if (result.status != record_status::skipped)
      return out;
    if (result.consumed > rest.size())
      return out;
    rest = rest.subspan(result.consumed);
  }
  return out;
}

std::int64_t moment(std::uint64_t ticks, const bytes& options) {
  const writer write;
  const auto out = read_all(
      write.join({write.section(), write.interface(1, 0, options), write.enhanced(0, ticks, {})}));
  BOOST_REQUIRE(out.records.size() == 1U);
  return to_ns(out.records[0].captured_at);
}

} // namespace

BOOST_AUTO_TEST_SUITE(pcapng_format_test)

BOOST_AUTO_TEST_CASE(every_interface_has_its_own_link_type) {
  for (const bool big : {false, true}) {
    const writer write{big};
    const auto out = read_all(write.join({write.section(), write.interface(1), write.interface(101),
                                          write.enhanced(1, 1'000'000, filled(41, 1)),
                                          write.enhanced(0, 2'000'000, filled(60, 2), 1500)}));
    BOOST_REQUIRE(out.records.size() == 2U);
    BOOST_TEST((out.records[0].link == link_type::raw));
    BOOST_TEST(out.records[0].interface_index == 1U);
    BOOST_TEST(out.records[0].bytes.size() == 41U);
    BOOST_TEST(to_ns(out.records[0].captured_at) == 1'000'000'000);
    BOOST_TEST((out.records[1].link == link_type::ethernet));
    BOOST_TEST(out.records[1].wire_length_bytes == 1500U);
  }
}

BOOST_AUTO_TEST_CASE(a_new_section_forgets_the_interfaces_of_the_old) {
  const writer little;
  const writer big{true};
  const auto both =
      little.join({little.section(), little.interface(1), little.enhanced(0, 0, filled(14, 1)),
                   big.section(), big.interface(113), big.enhanced(0, 0, filled(16, 1))});
  const auto out = read_all(both);
  BOOST_REQUIRE(out.records.size() == 2U);
  BOOST_TEST((out.records[1].link == link_type::linux_cooked));
  const auto orphan = little.join({little.section(), little.interface(1), little.section(),
                                   little.enhanced(0, 0, filled(14, 1))});
  BOOST_TEST((read_all(orphan).last == record_status::malformed));
}

BOOST_AUTO_TEST_CASE(clocks_are_read_in_their_own_resolution) {
  const writer write;
  const auto resolution = [&](unsigned value) { return write.option(9, filled(1, value)); };
  BOOST_TEST(moment(1'500'000, {}) == 1'500'000'000);
  BOOST_TEST(moment(1'500'000'001, resolution(9)) == 1'500'000'001);
  BOOST_TEST(moment(1'500, resolution(3)) == 1'500'000'000);
  BOOST_TEST(moment(1'500'000'000'999, resolution(12)) == 1'500'000'000);
  BOOST_TEST(moment(3, resolution(0)) == 3'000'000'000);
  BOOST_TEST(moment(3, resolution(0x81)) == 1'500'000'000);
  BOOST_TEST(moment(3ULL << 39, resolution(0xa8)) == 1'500'000'000);
  BOOST_TEST(moment(7, resolution(0x80)) == 7'000'000'000);
}

BOOST_AUTO_TEST_CASE(a_clock_may_count_from_elsewhere) {
  const writer write;
  BOOST_TEST(moment(1'000'000, write.option(14, write.number(1'700'000'000, 8))) ==
             1'700'000'001'000'000'000);
  BOOST_TEST(moment(1'000'000, write.option(14, write.number(~std::uint64_t{0}, 8))) == 0);
  // A moment nobody lives to see is kept at the end of time, not wrapped round.
  BOOST_TEST(moment(~std::uint64_t{0}, write.option(9, filled(1, 0))) > 0);
  BOOST_TEST(moment(0, write.option(14, write.number(std::uint64_t{1} << 63, 8))) < 0);
}

BOOST_AUTO_TEST_CASE(other_packet_blocks_are_read_too) {
  const writer write;
  const auto simple = write.block(3, write.join({write.number(100, 4), filled(64, 5)}));
  const auto obsolete = write.block(
      2, write.join({write.number(0, 2), write.number(3, 2), write.number(0, 4), write.number(9, 4),
                     write.number(20, 4), write.number(20, 4), filled(20, 6)}));
  const auto out =
      read_all(write.join({write.section(), write.interface(1, 64), simple, obsolete}));
  BOOST_REQUIRE(out.records.size() == 2U);
  BOOST_TEST(out.records[0].bytes.size() == 64U);
  BOOST_TEST(out.records[0].wire_length_bytes == 100U);
  BOOST_TEST(out.records[1].bytes.size() == 20U);
  BOOST_TEST(to_ns(out.records[1].captured_at) == 9'000);
}

BOOST_AUTO_TEST_CASE(blocks_without_packets_are_stepped_over_whatever_their_size) {
  const writer write;
  const auto big_one = write.block(0x0bad, filled(pcapng_format::limit_block_bytes + 400, 0));
  const auto out =
      read_all(write.join({write.section(), write.interface(1), write.block(5, filled(24, 1)),
                           big_one, write.enhanced(0, 0, filled(14, 1))}));
  BOOST_TEST(out.records.size() == 1U);
  BOOST_TEST((out.last == record_status::packet));
}

BOOST_AUTO_TEST_CASE(blocks_that_contradict_themselves_end_the_file) {
  const writer write;
  const auto start = write.join({write.section(), write.interface(1)});
  const auto refused = [&](const bytes& block) {
    const auto out = read_all(write.join({start, block}));
    BOOST_TEST(out.records.empty());
    return out.last == record_status::malformed;
  };
  BOOST_TEST(refused(write.join({write.number(6, 4), write.number(13, 4), filled(8, 0)})));
  BOOST_TEST(refused(write.join({write.number(6, 4), write.number(8, 4), filled(8, 0)})));
  auto trailer = write.enhanced(0, 0, filled(14, 1));
  trailer.back() = std::byte{1};
  BOOST_TEST(refused(trailer));
  BOOST_TEST(refused(write.enhanced(1, 0, filled(14, 1))));
  BOOST_TEST(refused(write.block(6, filled(16, 0))));
  auto long_packet = write.enhanced(0, 0, filled(14, 1));
  long_packet[20] = std::byte{60};
  BOOST_TEST(refused(long_packet));
  BOOST_TEST(refused(write.block(3, write.number(100, 4))));
  BOOST_TEST(refused(write.interface(1, 0, write.option(9, filled(1, 20)))));
  BOOST_TEST(refused(write.interface(1, 0, write.join({write.number(9, 2), write.number(40, 2)}))));
  BOOST_TEST(refused(write.block(1, filled(4, 0))));
}

BOOST_AUTO_TEST_CASE(interfaces_without_end_come_to_one) {
  const writer write;
  auto file = write.section();
  for (std::size_t i = 0; i <= pcapng_format::limit_interfaces; ++i)
    append(file, write.interface(1));
  BOOST_TEST((read_all(file).last == record_status::malformed));
}

BOOST_AUTO_TEST_CASE(what_does_not_begin_with_a_section_is_refused) {
  const writer write;
  BOOST_TEST((read_all(write.interface(1)).last == record_status::malformed));
  auto section = write.section();
  section[8] = std::byte{0};
  BOOST_TEST((read_all(section).last == record_status::malformed));
  auto version = write.section();
  version[12] = std::byte{2};
  BOOST_TEST((read_all(version).last == record_status::malformed));
}

BOOST_AUTO_TEST_CASE(a_block_in_pieces_asks_for_the_rest) {
  const writer write;
  const auto section = write.section();
  for (std::size_t size = 0; size < section.size(); ++size) {
    pcapng_format format;
    const auto result = format.read(byte_view{section}.first(size));
    BOOST_TEST((result.status == record_status::need_more));
    BOOST_TEST(result.needed == (size < 12 ? 12U : section.size()));
  }
}

BOOST_AUTO_TEST_SUITE_END()
