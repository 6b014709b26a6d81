#include "detect/uplink/outbox.hpp"

#include "tests/detect/alert/example_alert.hpp"
#include "tests/detect/uplink/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <future>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(alert_outbox)

using namespace cresset;
using namespace cresset::detect;
using namespace cresset::detect::uplink;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_CASE(what_is_offered_is_in_the_spool_after_stop) {
  const temporary_folder folder;
  auto spool = spool::open({folder.path(), 16 << 20});
  BOOST_REQUIRE(spool);
  std::atomic<int> wakes{0};
  outbox out{*spool, {}, [&] { ++wakes; }};
  std::vector<std::thread> packet_threads;
  for (int i = 0; i < 4; ++i)
    packet_threads.emplace_back([&] {
      for (int j = 0; j < 100; ++j)
        out.offer(alert::example_alert());
    });
  for (auto& thread : packet_threads)
    thread.join();
  out.stop();
  BOOST_TEST(out.raised() == 400);
  BOOST_TEST(out.spooled() == 400);
  BOOST_TEST(out.refused() == 0);
  BOOST_TEST(out.waiting() == 0);
  BOOST_TEST(spool->position().next == 401);
  BOOST_TEST(wakes > 0);
  BOOST_TEST(spool->counters().commits.value() < 200);
}

BOOST_AUTO_TEST_CASE(an_alert_is_committed_without_waiting_for_company) {
  const temporary_folder folder;
  auto spool = spool::open({folder.path(), 16 << 20});
  BOOST_REQUIRE(spool);
  std::promise<void> committed;
  outbox out{*spool, {}, [&, once = false]() mutable {
               if (!std::exchange(once, true))
                 committed.set_value();
             }};
  out.offer(alert::example_alert());
  BOOST_TEST((committed.get_future().wait_for(30s) == std::future_status::ready));
}

BOOST_AUTO_TEST_CASE(after_stop_alerts_are_refused_and_counted) {
  const temporary_folder folder;
  auto spool = spool::open({folder.path(), 16 << 20});
  BOOST_REQUIRE(spool);
  outbox out{*spool, {}};
  out.stop();
  BOOST_TEST(!out.offer(alert::example_alert()));
  BOOST_TEST(out.refused() == 1);
  BOOST_TEST(out.raised() == 1);
}

/// In a process of its own, because the limit on file sizes that stands for a full disk holds for
/// the whole process.
BOOST_AUTO_TEST_CASE(a_full_disk_refuses_and_counts_and_recovers) {
  const temporary_folder folder;
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    auto spool = spool::open({folder.path(), 16 << 20});
    rlimit limit{40 * 4096, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &limit);
    outbox out{*spool, {.queue_limit_alerts = 100, .retry_after = 1ms, .stop_patience = 50ms}};
    while (spool->counters().failed_writes.value() == 0 || out.refused() == 0)
      out.offer(alert::example_alert());
    limit.rlim_cur = RLIM_INFINITY;
    setrlimit(RLIMIT_FSIZE, &limit);
    out.stop();
    const bool all = out.raised() == out.spooled() + out.refused() &&
                     spool->position().next - 1 == out.spooled();
    _exit(all ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  BOOST_TEST(WIFEXITED(status));
  BOOST_TEST(WEXITSTATUS(status) == 0);
}

/// What a run leaves when SIGKILL meets it with alerts that no commit has returned for.
void be_killed_with(const std::filesystem::path& folder, int unspooled) {
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    auto spool = spool::open({folder, 16 << 20});
    auto ledger = outbox_ledger::open(folder, spool->position());
    const rlimit limit{40 * 4096, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &limit);
    outbox out{*spool, {}, {}, *std::move(ledger)};
    for (int i = 0; i < unspooled; ++i)
      out.offer(alert::example_alert());
    // Whatever was written before the limit is a multiple of commits; then nothing is.
    while (spool->counters().failed_writes.value() == 0)
      out.offer(alert::example_alert());
    raise(SIGKILL);
  }
  int status = 0;
  waitpid(child, &status, 0);
  BOOST_REQUIRE(WIFSIGNALED(status));
}

BOOST_AUTO_TEST_CASE(the_next_run_knows_what_a_kill_has_cost) {
  const temporary_folder folder;
  be_killed_with(folder.path(), 2000);
  auto spool = spool::open({folder.path(), 16 << 20});
  BOOST_REQUIRE(spool);
  auto ledger = outbox_ledger::open(folder.path(), spool->position());
  BOOST_REQUIRE(ledger);
  const auto cost = ledger->losses();
  BOOST_TEST(cost.kills == 1);
  BOOST_TEST(cost.lost >= 1);
  BOOST_TEST(cost.last_lost == cost.lost);
  BOOST_TEST(cost.most_lost == cost.lost);
}

BOOST_AUTO_TEST_CASE(what_the_spool_holds_is_not_lost_though_nobody_counted_it) {
  const temporary_folder folder;
  auto spool = spool::open({folder.path(), 16 << 20});
  BOOST_REQUIRE(spool);
  {
    auto ledger = outbox_ledger::open(folder.path(), spool->position());
    BOOST_REQUIRE(ledger);
    ledger->raised() += 5; // three of them spooled, and killed before the count
    std::vector<alert::alert> three(3, alert::example_alert());
    BOOST_REQUIRE(spool->append(three));
  }
  const auto ledger = outbox_ledger::open(folder.path(), spool->position());
  BOOST_REQUIRE(ledger);
  BOOST_TEST(ledger->losses().lost == 2);
}

BOOST_AUTO_TEST_CASE(an_end_in_order_is_no_kill) {
  const temporary_folder folder;
  auto spool = spool::open({folder.path(), 16 << 20});
  BOOST_REQUIRE(spool);
  auto ledger = outbox_ledger::open(folder.path(), spool->position());
  BOOST_REQUIRE(ledger);
  {
    outbox out{*spool, {}, {}, *std::move(ledger)};
    out.offer(alert::example_alert());
  }
  const auto next = outbox_ledger::open(folder.path(), spool->position());
  BOOST_REQUIRE(next);
  BOOST_TEST(next->losses().kills == 0);
  BOOST_TEST(next->losses().lost == 0);
}

BOOST_AUTO_TEST_CASE(a_ledger_in_a_folder_that_is_not_there_is_refused) {
  const auto refused = outbox_ledger::open("/nonexistent/folder", {});
  BOOST_REQUIRE(!refused);
  BOOST_TEST(refused.error().find("outbox.ledger") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
