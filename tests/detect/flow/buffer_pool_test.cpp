#include "detect/flow/buffer_pool.hpp"

#include <boost/test/unit_test.hpp>

using cresset::detect::flow::buffer_pool;
using cresset::detect::flow::pooled_buffer;

BOOST_AUTO_TEST_SUITE(buffer_pool_test)

BOOST_AUTO_TEST_CASE(a_buffer_is_at_least_as_long_as_asked) {
  buffer_pool pool{1 << 20};
  for (const std::size_t size : {1UL, 256UL, 257UL, 4096UL, 4097UL, 70'000UL}) {
    const auto lent = pool.acquire(size);
    BOOST_TEST_REQUIRE(static_cast<bool>(lent));
    BOOST_TEST(lent.capacity() >= size);
    BOOST_TEST(lent.capacity() < 2 * std::max<std::size_t>(size, 256));
  }
  BOOST_TEST(pool.lent_bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(what_comes_back_is_lent_again_without_the_heap) {
  buffer_pool pool{1 << 20};
  pool.acquire(4000).reset();
  BOOST_TEST(pool.allocations() == 1U);
  for (int i = 0; i < 100; ++i)
    pool.acquire(3000).reset();
  BOOST_TEST(pool.allocations() == 1U);
  BOOST_TEST(pool.kept_bytes() == 4096U);
}

BOOST_AUTO_TEST_CASE(over_the_limit_it_refuses_and_counts) {
  buffer_pool pool{8192};
  const auto first = pool.acquire(4096);
  const auto second = pool.acquire(4096);
  const auto third = pool.acquire(256);
  BOOST_TEST(static_cast<bool>(second));
  BOOST_TEST(!third);
  BOOST_TEST(third.capacity() == 0U);
  BOOST_TEST(pool.refused() == 1U);
  BOOST_TEST(!buffer_pool{SIZE_MAX}.acquire(buffer_pool::largest_bytes + 1));
}

BOOST_AUTO_TEST_CASE(kept_buffers_give_way_to_other_sizes) {
  buffer_pool pool{8192};
  pool.acquire(8192).reset();
  const auto small = pool.acquire(256);
  BOOST_TEST(static_cast<bool>(small));
  BOOST_TEST(pool.kept_bytes() == 0U);
  BOOST_TEST(pool.lent_bytes() == 256U);
}

BOOST_AUTO_TEST_CASE(a_moved_buffer_is_given_back_once) {
  buffer_pool pool{8192};
  auto one = pool.acquire(100);
  pooled_buffer other{std::move(one)};
  BOOST_TEST(!one);
  one = std::move(other);
  one.reset();
  one.reset();
  BOOST_TEST(pool.lent_bytes() == 0U);
  BOOST_TEST(pool.kept_bytes() == 256U);
}

BOOST_AUTO_TEST_SUITE_END()
