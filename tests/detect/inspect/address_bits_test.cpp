#include "detect/inspect/address_bits.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using cresset::detect::inspect::address_bits;
using std::chrono::seconds;

namespace {

timestamp at(int second) {
  return timestamp{seconds{second}};
}
address_bits::key of(std::string name, std::uint32_t address) {
  return {std::move(name), ip_address::v4(address), {}, false};
}

} // namespace

BOOST_AUTO_TEST_SUITE(bits_of_addresses)

BOOST_AUTO_TEST_CASE(a_bit_is_of_one_name_and_one_address) {
  address_bits bits;
  bits.set(of("a", 1), at(0), seconds{30});
  BOOST_TEST(bits.has(of("a", 1), at(1)));
  BOOST_TEST(!bits.has(of("a", 2), at(1)));
  BOOST_TEST(!bits.has(of("b", 1), at(1)));
  auto pair = of("a", 1);
  pair.of_pair = true;
  BOOST_TEST(!bits.has(pair, at(1)));
}

BOOST_AUTO_TEST_CASE(a_bit_is_gone_when_its_time_is_over) {
  address_bits bits;
  bits.set(of("a", 1), at(0), seconds{30});
  BOOST_TEST(bits.has(of("a", 1), at(29)));
  bits.set(of("a", 1), at(29), seconds{30});
  BOOST_TEST(bits.has(of("a", 1), at(58)));
  BOOST_TEST(!bits.has(of("a", 1), at(59)));
  BOOST_TEST(!bits.has(of("a", 1), at(30))); // it is forgotten, not hidden
}

BOOST_AUTO_TEST_CASE(unset_and_toggle_end_it) {
  address_bits bits;
  bits.set(of("a", 1), at(0), seconds{30});
  bits.unset(of("a", 1));
  BOOST_TEST(!bits.has(of("a", 1), at(1)));
  bits.unset(of("a", 1));
  bits.toggle(of("a", 1), at(0), seconds{30});
  BOOST_TEST(bits.has(of("a", 1), at(1)));
  bits.toggle(of("a", 1), at(60), seconds{30}); // over since 30: set anew
  BOOST_TEST(bits.has(of("a", 1), at(61)));
  bits.toggle(of("a", 1), at(61), seconds{30});
  BOOST_TEST(!bits.has(of("a", 1), at(61)));
}

BOOST_AUTO_TEST_CASE(a_full_table_makes_room_and_counts) {
  address_bits bits{16};
  for (std::uint32_t i = 0; i < 1000; ++i)
    bits.set(of("a", i), at(0), seconds{30});
  BOOST_TEST(bits.evicted() > 0U);
  BOOST_TEST(bits.has(of("a", 999), at(1)));
}

BOOST_AUTO_TEST_SUITE_END()
