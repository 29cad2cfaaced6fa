#!/bin/sh
# Table 5 on 100 pictures as an array job: 16 tasks share one folder, each does every 16th unit of work.
# A task that was killed goes on where it was when the script is submitted again. The task that finishes last finds all units done and writes results.json;
# the line at the end does so by hand.
#SBATCH --job-name=mv-table5
#SBATCH --array=1-16
#SBATCH --cpus-per-task=4
#SBATCH --time=12:00:00
set -eu
: "${MODEL:?the trained network, such as imagenet-caffe-alex.mat}" "${IMAGES:?a folder of pictures}" "${RESULTS:?a folder that all tasks see}"

preimage reproduce mv-table5 --out "$RESULTS" --model "$MODEL" --images "$IMAGES" --count 100 --seed 0 --device best --shard "$SLURM_ARRAY_TASK_ID/16"

# preimage reproduce mv-table5 --out "$RESULTS" --model "$MODEL" --images "$IMAGES" --count 100 --seed 0 --merge
