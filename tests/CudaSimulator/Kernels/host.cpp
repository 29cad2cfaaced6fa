// Fibers for kernels with barriers: every thread of a block has a stack of its own and runs to the next barrier in turn.
#include "host.h"
#include "launch.h"
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <ucontext.h>

namespace host
{
    namespace
    {
        /// What a kernel may put on its stack; the sanitizers' padding is in.
        constexpr size_t StackBytes = 64 * 1024;

        constexpr int MostThreads = 256;

        struct Fiber
        {
            ucontext_t context;
            bool done;
        };

        struct Block
        {
            Fiber fibers[MostThreads];
            ucontext_t scheduler;
            std::unique_ptr<char[]> stacks;
            void (*call)(void**);
            void** arguments;
        };

        thread_local Block* running;

        void run_fiber()
        {
            Block& block = *running;
            int self = place.thread;
            block.call(block.arguments);
            block.fibers[self].done = true;
            swapcontext(&block.fibers[self].context, &block.scheduler);
        }

        [[noreturn]] void stop(const char* why)
        {
            std::fprintf(stderr, "kernel: %s (thread %d of block %d)\n", why, place.thread, place.block);
            std::abort();
        }

        void start(Fiber& fiber, char* stack)
        {
            fiber.done = false;
            getcontext(&fiber.context);
            fiber.context.uc_stack.ss_sp = stack;
            fiber.context.uc_stack.ss_size = StackBytes;
            fiber.context.uc_link = nullptr;
            makecontext(&fiber.context, run_fiber, 0);
        }

        void run_block(Block& block)
        {
            for (int t = 0; t < place.blockSize; t++)
                start(block.fibers[t], block.stacks.get() + t * StackBytes);

            // From barrier to barrier: all come to each, or all are through.
            for (int left = place.blockSize; left > 0;)
            {
                int done = 0;
                for (int t = 0; t < place.blockSize; t++)
                {
                    place.thread = t;
                    swapcontext(&block.scheduler, &block.fibers[t].context);
                    done += block.fibers[t].done;
                }

                if (done != 0 && done != left)
                    stop("some threads ended where others wait at a barrier");
                left -= done;
            }
        }
    }

    void wait()
    {
        if (!running)
            stop("a barrier in a kernel that is not marked as having them");
        Block& block = *running;
        swapcontext(&block.fibers[place.thread].context, &block.scheduler);
    }

    void launch(const LaunchShape& shape, bool barriers, void (*call)(void**), void** arguments)
    {
        if (shape.gridY != 1 || shape.gridZ != 1 || shape.blockY != 1 || shape.blockZ != 1 || shape.blockX > MostThreads || shape.blockX % 32 != 0)
            stop("a launch that is not a row of blocks of 32 to 256 threads, a multiple of 32");
        place = {0, (int)shape.blockX, 0, (int)shape.gridX};
        if (!barriers)
        {
            for (place.block = 0; place.block < place.blocks; place.block++)
            {
                for (place.thread = 0; place.thread < place.blockSize; place.thread++)
                    call(arguments);
            }

            return;
        }

        auto block = std::make_unique<Block>();
        block->stacks.reset(new char[shape.blockX * StackBytes]);
        block->call = call;
        block->arguments = arguments;
        running = block.get();
        for (place.block = 0; place.block < place.blocks; place.block++)
            run_block(*block);
        running = nullptr;
    }
}
