#include "detect/flow/tcp_session_pool.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect::flow;

BOOST_AUTO_TEST_SUITE(tcp_session_pool_test)

BOOST_AUTO_TEST_CASE(sessions_return_and_are_used_again) {
  tcp_session_pool pool{10};
  auto first = pool.acquire();
  const auto* const address = first.get();
  BOOST_TEST(pool.in_use() == 1U);
  first.reset();
  BOOST_TEST(pool.in_use() == 0U);
  BOOST_TEST(pool.acquire().get() == address);
}

BOOST_AUTO_TEST_CASE(over_the_limit_it_refuses_and_counts) {
  tcp_session_pool pool{2};
  const auto first = pool.acquire();
  auto second = pool.acquire();
  BOOST_TEST(!pool.acquire());
  BOOST_TEST(pool.refused() == 1U);
  second.reset();
  BOOST_TEST(static_cast<bool>(pool.acquire()));
}

BOOST_AUTO_TEST_CASE(a_session_comes_back_closed) {
  tcp_session_pool pool{2};
  buffer_pool buffers{1 << 20};
  const tcp_settings settings;
  auto session = pool.acquire();
  session->open(settings, buffers);
  tcp_segment syn;
  syn.flags = cresset::capture::decode::tcp_syn;
  syn.payload = cresset::as_bytes("data");
  session->process(syn, direction::to_server);
  BOOST_TEST(buffers.lent_bytes() != 0U);
  session.reset();
  BOOST_TEST(buffers.lent_bytes() == 0U);
  BOOST_TEST((pool.acquire()->state() == tcp_state::none));
}

BOOST_AUTO_TEST_SUITE_END()
