#include "detect/flow/overlap_policy.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

using namespace cresset::detect::flow;

BOOST_AUTO_TEST_SUITE(overlap_policy_test)

namespace {
constexpr byte_range older{10, 20};
constexpr byte_range begins_before{5, 15};
constexpr byte_range covers{5, 25};
constexpr byte_range covers_to_the_end{5, 20};
constexpr byte_range same{10, 20};
constexpr byte_range same_begin_longer{10, 25};
constexpr byte_range begins_behind{15, 25};

// in the order: begins_before, covers, covers_to_the_end, same, same_begin_longer, begins_behind
using answers = std::array<bool, 6>;

answers ask(overlap_policy policy,
            bool (*decide)(overlap_policy, byte_range, byte_range) noexcept) {
  return {decide(policy, older, begins_before),     decide(policy, older, covers),
          decide(policy, older, covers_to_the_end), decide(policy, older, same),
          decide(policy, older, same_begin_longer), decide(policy, older, begins_behind)};
}
} // namespace

BOOST_AUTO_TEST_CASE(every_policy_is_found_by_the_name_it_prints) {
  for (unsigned i = 0; i <= static_cast<unsigned>(overlap_policy::last); ++i) {
    const auto policy = static_cast<overlap_policy>(i);
    BOOST_TEST((find_overlap_policy(to_string(policy)) == policy));
  }
  BOOST_TEST(to_string(overlap_policy::bsd_right) == "bsd-right");
  BOOST_TEST(to_string(overlap_policy::linux_now) == "linux");
  BOOST_TEST(!find_overlap_policy("amiga").has_value());
}

BOOST_AUTO_TEST_CASE(bsd_takes_the_newer_segment_only_where_it_begins_before) {
  const answers expected{true, true, true, false, false, false};
  for (const auto policy : {overlap_policy::bsd, overlap_policy::irix, overlap_policy::macos,
                            overlap_policy::windows, overlap_policy::windows2k3})
    BOOST_TEST((ask(policy, newer_segment_wins) == expected), to_string(policy));
}

BOOST_AUTO_TEST_CASE(bsd_right_is_the_mirror_of_bsd) {
  const answers expected{false, false, false, true, true, true};
  BOOST_TEST((ask(overlap_policy::bsd_right, newer_segment_wins) == expected));
  BOOST_TEST((ask(overlap_policy::bsd_right, newer_fragment_wins) == expected));
}

BOOST_AUTO_TEST_CASE(linux_also_takes_the_longer_of_two_that_begin_together) {
  const answers expected{true, true, true, false, true, false};
  BOOST_TEST((ask(overlap_policy::linux_now, newer_segment_wins) == expected));
}

BOOST_AUTO_TEST_CASE(linux_takes_the_newer_fragment_that_begins_with_the_older) {
  const answers expected{true, true, true, true, true, false};
  BOOST_TEST((ask(overlap_policy::linux_now, newer_fragment_wins) == expected));
}

BOOST_AUTO_TEST_CASE(windows_takes_the_newer_fragment_only_where_it_covers_the_older) {
  const answers expected{false, true, false, false, false, false};
  for (const auto policy :
       {overlap_policy::windows, overlap_policy::vista, overlap_policy::windows2k3})
    BOOST_TEST((ask(policy, newer_fragment_wins) == expected), to_string(policy));
}

BOOST_AUTO_TEST_CASE(solaris_takes_what_covers_even_when_both_end_together) {
  const answers expected{false, true, true, false, false, false};
  BOOST_TEST((ask(overlap_policy::solaris, newer_segment_wins) == expected));
  BOOST_TEST((ask(overlap_policy::solaris, newer_fragment_wins) == expected));
}

BOOST_AUTO_TEST_CASE(first_and_last_are_the_extremes) {
  const answers never{};
  const answers always{true, true, true, true, true, true};
  BOOST_TEST((ask(overlap_policy::last, newer_segment_wins) == always));
  BOOST_TEST((ask(overlap_policy::last, newer_fragment_wins) == always));
  for (const auto policy :
       {overlap_policy::first, overlap_policy::old_solaris, overlap_policy::hpux11}) {
    BOOST_TEST((ask(policy, newer_segment_wins) == never), to_string(policy));
    BOOST_TEST((ask(policy, newer_fragment_wins) == never), to_string(policy));
  }
  BOOST_TEST((ask(overlap_policy::vista, newer_segment_wins) == never));
}

BOOST_AUTO_TEST_SUITE_END()
