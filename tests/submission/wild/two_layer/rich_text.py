{\rtf1\ansi\ansicpg1252\cocoartf2639
{\fonttbl\f0\fnil\fcharset0 Menlo-Regular;}
\f0\fs24 \cf0 import numpy as np\
}
