#include "coord/http/push_hub.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using namespace cresset::coord::http;

namespace {

struct page : push_client {
  bool offer(std::shared_ptr<const std::string> notice) override {
    if (taken.size() >= limit)
      return false;
    taken.push_back(*notice);
    return true;
  }
  void close(std::string_view reason) override { closed = std::string{reason}; }

  std::size_t limit = 100;
  std::vector<std::string> taken;
  std::string closed;
};

} // namespace

BOOST_AUTO_TEST_SUITE(coord_http_push_hub)

BOOST_AUTO_TEST_CASE(every_client_gets_every_notice_until_it_leaves) {
  push_hub hub;
  const auto a = std::make_shared<page>(), b = std::make_shared<page>();
  const auto first = hub.join(a, 1);
  hub.join(b, 2);
  hub.publish("1");
  hub.leave(first);
  hub.publish("2");
  BOOST_TEST(a->taken.size() == 1U);
  BOOST_TEST(b->taken.size() == 2U);
  BOOST_TEST(hub.counters().clients == 1U);
  BOOST_TEST(hub.counters().notices == 2U);
}

BOOST_AUTO_TEST_CASE(a_client_too_slow_is_dropped_counted_and_told) {
  push_hub hub;
  const auto slow = std::make_shared<page>();
  slow->limit = 1;
  hub.join(slow, 1);
  hub.publish("1");
  hub.publish("2");
  hub.publish("3");
  BOOST_TEST(slow->taken.size() == 1U);
  BOOST_TEST(!slow->closed.empty());
  BOOST_TEST(hub.counters().slow_dropped == 1U);
  BOOST_TEST(hub.counters().clients == 0U);
}

BOOST_AUTO_TEST_CASE(no_more_than_the_limit_join) {
  push_hub hub{1};
  BOOST_TEST(hub.join(std::make_shared<page>(), 1) != 0U);
  BOOST_TEST(hub.join(std::make_shared<page>(), 1) == 0U);
  BOOST_TEST(hub.counters().refused == 1U);
}

BOOST_AUTO_TEST_CASE(the_pages_of_a_session_close_with_it) {
  push_hub hub;
  const auto a = std::make_shared<page>(), b = std::make_shared<page>();
  hub.join(a, 1);
  hub.join(b, 2);
  hub.close_session(1);
  BOOST_TEST(a->closed == "the session ended");
  BOOST_TEST(b->closed.empty());
  hub.close_all();
  BOOST_TEST(b->closed == "the server stops");
  BOOST_TEST(hub.join(a, 1) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
