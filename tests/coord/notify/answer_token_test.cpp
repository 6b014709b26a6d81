#include "coord/notify/answer_token.hpp"

#include <boost/test/unit_test.hpp>
#include <sodium.h>

using namespace cresset;
using namespace cresset::coord::notify;
using namespace std::chrono_literals;

namespace {

const timestamp end{1'800'000'000s};

} // namespace

BOOST_AUTO_TEST_SUITE(coord_notify_answer_token)

BOOST_AUTO_TEST_CASE(a_token_says_what_was_put_in_until_it_expires) {
  BOOST_REQUIRE(::sodium_init() >= 0);
  const auto key = random_answer_key();
  const auto token = answer_token({17, end}, key);
  BOOST_TEST(token.size() == 43U);
  auto why = token_errc::forged;
  const auto claim = read_answer_token(token, key, end - 1s, why);
  BOOST_REQUIRE(claim);
  BOOST_TEST(claim->notification == 17);
  BOOST_TEST((claim->expires == end));
  BOOST_TEST(!read_answer_token(token, key, end, why));
  BOOST_TEST((why == token_errc::expired));
}

BOOST_AUTO_TEST_CASE(a_token_that_was_touched_is_forged) {
  BOOST_REQUIRE(::sodium_init() >= 0);
  const auto key = random_answer_key();
  const auto token = answer_token({17, end}, key);
  auto why = token_errc::expired;
  for (std::size_t i = 0; i + 1 < token.size(); ++i) {
    auto touched = token;
    touched[i] = touched[i] == 'A' ? 'B' : 'A';
    BOOST_TEST(!read_answer_token(touched, key, end - 1s, why), i);
    BOOST_TEST((why == token_errc::forged));
  }
  for (const auto& wrong : {std::string{}, token + "A", token.substr(1), std::string(43, '!'),
                            std::string(43, 'A'), std::string(100'000, 'A')})
    BOOST_TEST(!read_answer_token(wrong, key, end - 1s, why));
  BOOST_TEST(!read_answer_token(token, random_answer_key(), end - 1s, why));
}

BOOST_AUTO_TEST_SUITE_END()
